package dev.featuremap.job.torture;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Follows a driver line by line through the classes that make checkpoints. */
final class StepDebugger implements AutoCloseable {
  private static final String PACKAGE = "dev.featuremap.job.";

  /** Those that change a store. */
  private static final List<String> CLASSES =
      List.of(
          "training.checkpoint.CheckpointStore",
          "training.checkpoint.CheckpointWriter",
          "training.checkpoint.HistoryParts",
          "storage.DigestedObjects",
          "storage.HadoopBackend",
          "storage.LocalBackend",
          "storage.NumberedLog",
          "training.checkpoint.Manifests",
          "training.checkpoint.RetentionSweep",
          "storage.Storage");

  private final ListeningConnector connector;
  private final Map<String, Connector.Argument> arguments;
  private final String address;

  /** Is told of each line before it runs, while the thread that comes to it waits. */
  interface Listener {
    void reached(String line, SubmittedJob job) throws Exception;
  }

  private StepDebugger(
      ListeningConnector connector, Map<String, Connector.Argument> arguments, String address) {
    this.connector = connector;
    this.arguments = arguments;
    this.address = address;
  }

  /** Waits for a JVM that is started with {@link #jvmOption}. */
  static StepDebugger listen() throws Exception {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(candidate -> candidate.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("localAddress").setValue("127.0.0.1");
    arguments.get("port").setValue("0");
    String address = connector.startListening(arguments);
    return new StepDebugger(connector, arguments, address);
  }

  /** Makes a JVM wait for this debugger before its first class. */
  String jvmOption() {
    String port = address.substring(address.lastIndexOf(':') + 1);
    return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:" + port;
  }

  /**
   * Follows a job to its end.
   *
   * @param wanted the lines that the listener is told of
   */
  void run(SubmittedJob job, Predicate<String> wanted, Listener listener) throws Exception {
    VirtualMachine machine = connector.accept(arguments);
    for (String name : CLASSES) {
      ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
      prepared.addClassFilter(PACKAGE + name);
      prepared.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      prepared.enable();
    }
    machine.resume();
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          if (event instanceof ClassPrepareEvent prepared) {
            breakAtLines(machine, prepared.referenceType(), wanted);
          } else if (event instanceof BreakpointEvent hit) {
            listener.reached(name(hit.location()), job);
          }
        }
        events.resume();
      }
    } catch (VMDisconnectedException e) {
      // The job has ended, or was killed.
    }
  }

  private static void breakAtLines(
      VirtualMachine machine, ReferenceType type, Predicate<String> wanted) throws Exception {
    Set<String> seen = new HashSet<>();
    for (Location location : type.allLineLocations()) {
      if (wanted.test(name(location)) && seen.add(name(location))) {
        BreakpointRequest line = machine.eventRequestManager().createBreakpointRequest(location);
        line.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        line.enable();
      }
    }
  }

  private static String name(Location location) {
    String type = location.declaringType().name();
    return "%s:%d".formatted(type.substring(type.lastIndexOf('.') + 1), location.lineNumber());
  }

  @Override
  public void close() throws IOException {
    try {
      connector.stopListening(arguments);
    } catch (IllegalConnectorArgumentsException e) {
      throw new IllegalStateException(e);
    }
  }
}
