package dev.featuremap.network;

import java.util.ArrayList;
import java.util.List;

/** The two parts of a model: what is trained, and what is frozen. */
record ModelParts(NetworkPlan plan) {

  /** Where each tensor is, in the order of the whole model: parameters, then buffers. */
  List<TensorPlace> places() {
    NetworkPlan whole = plan.whole();
    FrozenPart frozen = plan.frozen();
    List<TensorPlace> places = new ArrayList<>();
    add(whole.tensors(), plan.tensors(), 0, frozen.tensors(), 0, places);
    add(
        whole.bufferTensors(),
        plan.bufferTensors(),
        plan.parameters(),
        frozen.bufferTensors(),
        frozen.parameters(),
        places);
    return places;
  }

  /** Adds tensors that are in one part or the other, in the same order. */
  private static void add(
      List<PlannedTensor> all,
      List<PlannedTensor> trained,
      int trainedAt,
      List<PlannedTensor> frozen,
      int frozenAt,
      List<TensorPlace> places) {
    int of = 0;
    for (int k = 0; k < all.size(); k++) {
      boolean isTrained = of < trained.size() && trained.get(of).name().equals(all.get(k).name());
      places.add(
          isTrained
              ? new TensorPlace(trained.get(of).movedBy(trainedAt), false)
              : new TensorPlace(frozen.get(k - of).movedBy(frozenAt), true));
      of += isTrained ? 1 : 0;
    }
  }

  /** Copies a whole model to both parts. */
  void split(float[] model, float[] trained) {
    int at = 0;
    for (TensorPlace place : places()) {
      int size = place.tensor().spec().size();
      System.arraycopy(model, at, part(place, trained), place.tensor().at(), size);
      at += size;
    }
  }

  /** Copies both parts to a whole model. */
  void join(float[] trained, float[] model) {
    int at = 0;
    for (TensorPlace place : places()) {
      int size = place.tensor().spec().size();
      System.arraycopy(part(place, trained), place.tensor().at(), model, at, size);
      at += size;
    }
  }

  private float[] part(TensorPlace place, float[] trained) {
    return place.frozen() ? plan.frozen().values() : trained;
  }
}
