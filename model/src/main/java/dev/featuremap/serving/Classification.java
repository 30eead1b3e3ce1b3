package dev.featuremap.serving;

/**
 * What a network says of an image about one class.
 *
 * @param index number of the class, from 0
 * @param label its name; its number, where the model has no names
 * @param probability by softmax or sigmoid, as the network's loss has it
 */
public record Classification(int index, String label, float probability) {}
