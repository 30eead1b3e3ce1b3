package dev.featuremap.kernel;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.function.UnaryOperator;

/**
 * Whether this JVM compiles the Vector API to vector instructions, as the C2 compiler does where
 * the processor has fused multiply-add. Others make an object of every vector, which is many times
 * slower than scalar loops.
 *
 * @param present whether the module is there
 * @param remedy how to start the JVM so that vectors are fast, in a sentence; empty if they are
 */
record VectorSupport(boolean present, String remedy) {
  private static final String MODULE = "jdk.incubator.vector";
  private static final String CLIENT = "emulated-client";

  /** What the running JVM offers. */
  static VectorSupport ofThisJvm() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return absent();
    }
    String jvm = System.getProperty("java.vm.name", "") + ", " + System.getProperty("java.vm.info");
    return new VectorSupport(true, remedy(jvm, VectorSupport::option));
  }

  /** Without the module. */
  static VectorSupport absent() {
    return new VectorSupport(false, "Start the JVM with --add-modules=" + MODULE + ".");
  }

  boolean isFast() {
    return remedy.isEmpty();
  }

  /**
   * The first obstacle that is found.
   *
   * @param jvm the JVM's name and mode
   * @param options value of an option of the JVM, empty where it is unknown
   */
  static String remedy(String jvm, UnaryOperator<String> options) {
    String flag = "";
    if (jvm.contains("interpreted mode")) {
      flag = "-Xint";
    } else if (isSet("UseJVMCICompiler", "true", options)) {
      flag = "-XX:+UseJVMCICompiler";
    } else if (stopsBeforeC2(options)) {
      flag = "-XX:TieredStopAtLevel=" + options.apply("TieredStopAtLevel");
    } else if (isSet("UseCompiler", "false", options)) {
      flag = "-XX:-UseCompiler";
    } else if (isSet("CompilationMode", "quick-only", options)) {
      flag = "-XX:CompilationMode=quick-only";
    } else if (jvm.contains(CLIENT) && isSet("NeverActAsServerClassMachine", "true", options)) {
      flag = "-XX:+NeverActAsServerClassMachine";
    } else if (isSet("EnableVectorSupport", "false", options)) {
      flag = "-XX:-EnableVectorSupport";
    } else if (lacksFma(options)) {
      return "Start the JVM without -XX:-UseFMA, on a processor with fused multiply-add (in QEMU:"
          + " -cpu host).";
    } else if (jvm.contains(CLIENT) || jvm.contains("Client VM")) {
      return "Start a server JVM with -server, got " + jvm + ".";
    }
    return flag.isEmpty() ? "" : "Start the JVM without " + flag + ".";
  }

  /** Level 4 is C2; level 0, the interpreter, also switches tiers off. */
  private static boolean stopsBeforeC2(UnaryOperator<String> options) {
    String level = options.apply("TieredStopAtLevel");
    return level.equals("0")
        || (level.matches("[123]") && isSet("TieredCompilation", "true", options));
  }

  /** True where multiply-add with one rounding is no instruction. */
  static boolean lacksFma(UnaryOperator<String> options) {
    return isSet("UseFMA", "false", options);
  }

  private static boolean isSet(String option, String value, UnaryOperator<String> options) {
    return options.apply(option).equals(value);
  }

  /** By name, since a JVM may come without the module of this bean, or without the option. */
  static String option(String name) {
    try {
      Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Object bean =
          ManagementFactory.getPlatformMXBean(type.asSubclass(PlatformManagedObject.class));
      Object option = type.getMethod("getVMOption", String.class).invoke(bean, name);
      return (String) option.getClass().getMethod("getValue").invoke(option);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return "";
    }
  }
}
