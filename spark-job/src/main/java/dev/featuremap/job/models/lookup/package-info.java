/**
 * Where trained models are found: in a run, in a checkpoint or file, or published.
 *
 * <p>Read {@code ModelLookup}: one method for each place. One more place: a component of {@code
 * ModelLocation} with a factory, its branch in {@code ModelLookup.find}, and an option beside
 * {@code --run}, {@code --checkpoint} and {@code --model} of the commands.
 */
package dev.featuremap.job.models.lookup;
