package dev.featuremap.kernel;

/**
 * The numbers of one step of Adam over a state {@code [parameters, …, first moments, second
 * moments, …]}; one instance is filled again and again.
 *
 * <pre>
 *   g = scale · gradient + gradientDecay · p
 *   m = keepFirst · m + takeFirst · g
 *   v = keepSecond · v + takeSecond · g²
 *   p = p + parameterDecay · p
 *   p = p - rate · m / (√(v · secondCorrection) + epsilon)
 * </pre>
 */
public final class AdamStep {
  public final int firstAt;
  public final int secondAt;
  public final float keepFirst;
  public final float takeFirst;
  public final float keepSecond;
  public final float takeSecond;
  public final float epsilon;

  public float scale;
  public float rate;
  public float secondCorrection;
  public float gradientDecay;
  public float parameterDecay;

  /**
   * What is the same in all steps.
   *
   * @param firstAt where the first moments start in the state
   * @param secondAt where the second moments start
   */
  public AdamStep(int firstAt, int secondAt, double beta1, double beta2, double epsilon) {
    this.firstAt = firstAt;
    this.secondAt = secondAt;
    keepFirst = (float) beta1;
    takeFirst = (float) (1 - beta1);
    keepSecond = (float) beta2;
    takeSecond = (float) (1 - beta2);
    this.epsilon = (float) epsilon;
  }

  /** Sets what differs from step to step; the rate has the correction of the first moment in it. */
  public void begin(float gradientScale, float correctedRate, float correctionOfSecond) {
    scale = gradientScale;
    rate = correctedRate;
    secondCorrection = correctionOfSecond;
  }

  /** Sets the weight decay of the parameters that come next; at most one is not 0. */
  public void decay(float ofGradient, float ofParameters) {
    gradientDecay = ofGradient;
    parameterDecay = ofParameters;
  }

  public boolean decays() {
    return gradientDecay != 0 || parameterDecay != 0;
  }
}
