package dev.featuremap.job.storage;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/** Local files under the scheme {@code flaky}, with faults on demand. */
public final class FlakyFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("flaky:///");

  /** Loaded once; its copies are loaded too. */
  private static final Configuration CONFIGURATION = configured();

  private final AtomicInteger failuresToOpen = new AtomicInteger();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private final AtomicInteger creationsToTear = new AtomicInteger();
  private final AtomicInteger stepsToLive = new AtomicInteger();
  private final AtomicInteger creationsToRefuse = new AtomicInteger();
  private final AtomicInteger namesToLose = new AtomicInteger();
  private final AtomicInteger creations = new AtomicInteger();
  private final AtomicReference<Runnable> beforeCreation = new AtomicReference<>();
  private final AtomicReference<Runnable> beforeOpening = new AtomicReference<>();
  private String rotten;
  private long readable;
  private boolean overwriting;
  private boolean closed;

  /** Hadoop with this scheme. */
  public static Configuration configuration() {
    return new Configuration(CONFIGURATION);
  }

  private static Configuration configured() {
    Configuration configuration = new Configuration();
    configuration.setClass("fs.flaky.impl", FlakyFileSystem.class, FileSystem.class);
    return configuration;
  }

  /** The instance that everybody in this process shares, without faults. */
  public static FlakyFileSystem shared() throws IOException {
    FlakyFileSystem shared = (FlakyFileSystem) FileSystem.get(ROOT, configuration());
    shared.failuresToOpen.set(0);
    shared.answersToLose.set(0);
    shared.creationsToTear.set(0);
    shared.stepsToLive.set(Integer.MAX_VALUE);
    shared.creationsToRefuse.set(0);
    shared.namesToLose.set(0);
    shared.beforeCreation.set(null);
    shared.beforeOpening.set(null);
    shared.rotten = "";
    shared.readable = Long.MAX_VALUE;
    shared.overwriting = false;
    shared.closed = false;
    return shared;
  }

  /** The next reads fail as if the store were overloaded. */
  public void failToOpen(int times) {
    failuresToOpen.set(times);
  }

  /** The next creations succeed, but their writer sees a failure. */
  void loseAnswers(int times) {
    answersToLose.set(times);
  }

  /** The next new files but probes keep the first half of their content; their writers fail. */
  void tearCreations(int times) {
    creationsToTear.set(times);
  }

  /** Lets nobody read or delete any more. */
  public void refuse() {
    closed = true;
  }

  /** The next creations fail, as in safe mode; what is there can be listed and read. */
  void refuseCreations(int times) {
    creationsToRefuse.set(times);
  }

  /** The next new files get their names, of which their writers do not hear. */
  void loseNames(int times) {
    namesToLose.set(times);
  }

  /** How many creations were tried since this was asked last. */
  int creations() {
    return creations.getAndSet(0);
  }

  /** All replicas of this file do not match their checksums. */
  void rot(String name) {
    rotten = name;
  }

  /** Whoever reads a file up to this place loses the connection. */
  public void breakReadsAt(long bytes) {
    readable = bytes;
  }

  /** Runs this once, right before something is read. */
  void beforeNextOpening(Runnable action) {
    beforeOpening.set(action);
  }

  /** Runs this once, right before something new is created. */
  void beforeNextCreation(Runnable action) {
    beforeCreation.set(action);
  }

  /** After so many steps nothing works any more, as for a process that was killed. */
  public void dieAfter(int steps) {
    stepsToLive.set(steps);
  }

  /** From now on a create replaces what is there, whatever it was asked. */
  void overwriteAlways() {
    overwriting = true;
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    step();
    requirePermission(path);
    run(beforeOpening);
    if (path.getName().equals(rotten)) {
      throw new ChecksumException("Checksum error: " + path.getName(), 0);
    }
    if (failuresToOpen.getAndDecrement() > 0) {
      throw new IOException("503 Slow Down");
    }
    FSDataInputStream whole = super.open(path, bufferSize);
    return readable == Long.MAX_VALUE ? whole : new FSDataInputStream(new Breaking(whole));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    step();
    creations.incrementAndGet();
    if (creationsToRefuse.getAndDecrement() > 0) {
      throw new IOException("Name node is in safe mode");
    }
    if (!overwrite) {
      run(beforeCreation);
    }
    FSDataOutputStream stream =
        super.create(
            path,
            permission,
            overwrite || overwriting,
            bufferSize,
            replication,
            blockSize,
            progress);
    if (!overwrite && namesToLose.getAndDecrement() > 0) {
      stream.close();
      throw new IOException("Connection reset");
    }
    boolean probe = path.getName().startsWith("probe-");
    boolean tears = !overwrite && !probe && creationsToTear.getAndDecrement() > 0;
    return new FSDataOutputStream(stream, null) {
      private IOException broken;

      @Override
      public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (tears) {
          super.write(bytes, offset, length / 2);
          broken = new IOException("All datanodes are bad");
          throw broken;
        }
        super.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        step();
        super.close();
        if (broken != null) {
          // As HDFS does.
          throw broken;
        }
        if (answersToLose.getAndDecrement() > 0) {
          throw new IOException("Connection reset");
        }
      }
    };
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    step();
    return super.listStatus(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    step();
    requirePermission(path);
    return super.delete(path, recursive);
  }

  /** A stream that breaks. */
  private final class Breaking extends FSInputStream {
    private final FSDataInputStream whole;

    Breaking(FSDataInputStream whole) {
      this.whole = whole;
    }

    @Override
    public int read() throws IOException {
      if (whole.getPos() >= readable) {
        throw new IOException("Connection reset");
      }
      return whole.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (whole.getPos() >= readable) {
        throw new IOException("Connection reset");
      }
      return whole.read(bytes, offset, (int) Math.min(length, readable - whole.getPos()));
    }

    @Override
    public void seek(long place) throws IOException {
      whole.seek(place);
    }

    @Override
    public long getPos() throws IOException {
      return whole.getPos();
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public void close() throws IOException {
      whole.close();
    }
  }

  private static void run(AtomicReference<Runnable> action) {
    Runnable taken = action.getAndSet(null);
    if (taken != null) {
      taken.run();
    }
  }

  private void requirePermission(Path path) throws AccessControlException {
    if (closed) {
      throw new AccessControlException("Permission denied: " + path.getName());
    }
  }

  private void step() throws IOException {
    if (stepsToLive.decrementAndGet() < 0) {
      throw new PathIOException("flaky:///", "killed");
    }
  }
}
