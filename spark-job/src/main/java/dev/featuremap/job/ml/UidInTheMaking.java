package dev.featuremap.job.ml;

/**
 * The uid of an object whose constructor has not come to its fields yet. Superclasses in Spark make
 * params in their constructors, and a param asks its owner for its uid.
 */
final class UidInTheMaking {
  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  private final String uid;

  private UidInTheMaking(String uid) {
    this.uid = uid;
  }

  /** What the object that this thread makes next answers to until {@link #done}. */
  static UidInTheMaking of(String uid) {
    CURRENT.set(uid);
    return new UidInTheMaking(uid);
  }

  /** The uid of the object that this thread is making. */
  static String current() {
    return CURRENT.get();
  }

  /** The uid, for the field that answers from now on. */
  String done() {
    CURRENT.remove();
    return uid;
  }
}
