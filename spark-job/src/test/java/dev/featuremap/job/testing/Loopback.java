package dev.featuremap.job.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The addresses on which everything here listens. */
final class Loopback {
  static final String HOST = "127.0.0.1";

  private Loopback() {}

  /** One of several hosts: Spark does not do a task twice on one. */
  static String host(int number) {
    return "127.0.0." + number;
  }

  /** A port that nobody listens on now. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
