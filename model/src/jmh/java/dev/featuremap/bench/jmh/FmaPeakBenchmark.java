package dev.featuremap.bench.jmh;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The most multiply-adds one core does: 20 chains in registers hide the latency, and nothing is
 * loaded or stored.
 */
@State(Scope.Thread)
public class FmaPeakBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 20;
  private static final int ROUNDS = 10_000;

  private float factor = 0.5f;
  private float summand = 1f;

  /** Runs the chains and returns their sum, so that none is left out. */
  @Benchmark
  public float chains(Work work) {
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector s = FloatVector.broadcast(SPECIES, summand);
    FloatVector a0 = s.add(0f), a1 = s.add(1f), a2 = s.add(2f), a3 = s.add(3f), a4 = s.add(4f);
    FloatVector a5 = s.add(5f), a6 = s.add(6f), a7 = s.add(7f), a8 = s.add(8f), a9 = s.add(9f);
    FloatVector b0 = f.add(0f), b1 = f.add(1f), b2 = f.add(2f), b3 = f.add(3f), b4 = f.add(4f);
    FloatVector b5 = f.add(5f), b6 = f.add(6f), b7 = f.add(7f), b8 = f.add(8f), b9 = f.add(9f);
    for (int round = 0; round < ROUNDS; round++) {
      a0 = a0.fma(f, s);
      a1 = a1.fma(f, s);
      a2 = a2.fma(f, s);
      a3 = a3.fma(f, s);
      a4 = a4.fma(f, s);
      a5 = a5.fma(f, s);
      a6 = a6.fma(f, s);
      a7 = a7.fma(f, s);
      a8 = a8.fma(f, s);
      a9 = a9.fma(f, s);
      b0 = b0.fma(f, s);
      b1 = b1.fma(f, s);
      b2 = b2.fma(f, s);
      b3 = b3.fma(f, s);
      b4 = b4.fma(f, s);
      b5 = b5.fma(f, s);
      b6 = b6.fma(f, s);
      b7 = b7.fma(f, s);
      b8 = b8.fma(f, s);
      b9 = b9.fma(f, s);
    }
    work.add(2L * CHAINS * ROUNDS * SPECIES.length(), 0);
    FloatVector a = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9);
    FloatVector b = b0.add(b1).add(b2).add(b3).add(b4).add(b5).add(b6).add(b7).add(b8).add(b9);
    return a.add(b).lane(0);
  }
}
