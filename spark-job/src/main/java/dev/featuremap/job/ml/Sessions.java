package dev.featuremap.job.ml;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** The Spark session that a schema is checked in, which no argument tells. */
final class Sessions {
  private Sessions() {}

  /** What reaches the session's file systems; without a session, what the class path says. */
  static Configuration hadoop() {
    Option<SparkSession> active = SparkSession.getActiveSession();
    Option<SparkSession> session = active.isDefined() ? active : SparkSession.getDefaultSession();
    return session.isDefined() ? hadoop(session.get()) : new Configuration();
  }

  static Configuration hadoop(SparkSession session) {
    return session.sessionState().newHadoopConf();
  }
}
