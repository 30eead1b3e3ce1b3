/**
 * Published models: numbered versions that never change, and aliases that move between them.
 *
 * <pre>
 * digits/models/unique/model.safetensors   unique names, never changed
 * digits/history/0000000001.json           numbered, created once: what was published or moved
 * </pre>
 *
 * <p>The history is all there is: an entry publishes a model, whose version is the entry's number,
 * and lets aliases name it; or it lets aliases name an earlier version. An alias names what the
 * newest entry says that moves it. So one create-if-absent makes a version visible together with
 * all its aliases, of several publishers exactly one gets a number, and nothing is ever replaced.
 *
 * <p>An entry is {@code SealedJson}. One that lacks its end was never published: its writer died,
 * so readers pass over it and the next writer takes the next number. One that is damaged otherwise
 * is an error: what it said cannot be guessed. A model whose writer died before the entry stays and
 * is named by nobody.
 *
 * <p>Read {@code ModelRegistry} first. One more fact about a version: a component of {@code
 * ModelSource}, written and read in {@code EntryFormat}; what earlier versions did not write is
 * read only if it is there. One more kind of entry: {@code EntryFormat} and {@code History}, which
 * says what all entries come to.
 */
package dev.featuremap.job.models.registry;
