/**
 * Checkpoints that survive killed drivers, failing stores and rotten disks.
 *
 * <pre>
 * run/checkpoints/epoch-round-unique/name   objects: unique names, never changed
 * run/history/first-last-unique.jsonl       older epochs: unique names, never changed or deleted
 * run/manifests/0000000001.json             numbered, created once, hold length and SHA-256
 * </pre>
 *
 * <p>Publishing ({@link dev.featuremap.job.training.checkpoint.CheckpointWriter#publish}):
 *
 * <ol>
 *   <li>No manifest has a higher number than this writer's last; else the run is another's. This
 *       writer's last whole manifest is there; else the run was deleted. Before a manifest is
 *       created and after it, the latter is looked at again.
 *   <li>Every 100 epochs, write those before the last ones as a part of the history ({@link
 *       dev.featuremap.job.training.checkpoint.HistoryParts}).
 *   <li>Write the objects under a name nobody has used, digesting what is written.
 *   <li>Create the manifest with the next number, if absent. Now, and only now, it is published.
 *   <li>Refused: whose is it? One of this writer's own, from a publication whose answer was lost,
 *       is passed; any other means that this writer is out. A name that the store gave to this
 *       writer and then tore is a failure of the store; the next writer passes it.
 *   <li>Read the manifest and its objects back, and look again for higher numbers.
 *   <li>Only then delete what retention does not keep: manifests, oldest first, then objects.
 * </ol>
 *
 * <p>Taking over ({@link dev.featuremap.job.training.checkpoint.CheckpointStore#takeOver}) is
 * publishing: the newest intact checkpoint, once more, under the next number. That number is the
 * new writer's fence; it is unique and grows, because creation is atomic. The old writer finds its
 * next number taken. If retention has freed that number meanwhile, it finds higher ones, and
 * readers pass over what it wrote: at or above a number that is a fence, only that fence or a
 * higher one counts.
 *
 * <p>Reading ({@link dev.featuremap.job.training.checkpoint.CheckpointStore#newest}) walks from the
 * highest number down, checks the manifest's own hash, then every object, and takes the first that
 * is intact. A manifest that lacks its end was never published; when nothing else is damaged and
 * the one below says that there was no checkpoint yet, the run simply starts.
 *
 * <p>A manifest whose own hash is right, but that this version does not know or that lacks a field,
 * was written by another version. It ends the reading: what it tells of may be newer.
 *
 * <p>Objects that a killed driver left without a manifest stay: nobody else can know that they are
 * not being written.
 *
 * <p>Read {@code CheckpointStore} first, then {@code CheckpointWriter}. One more object in a
 * checkpoint: name and writer in the {@code CheckpointDraft}; it is digested, checked and deleted
 * with the others. One more fact in a manifest: a field of the draft's state, which is free for the
 * trainer. One more step of the protocol: its place in the lists above, and its class among those
 * of the tests' {@code StepDebugger}, which kills drivers at every line of it. One more kind of
 * store: see package {@code storage}.
 */
package dev.featuremap.job.training.checkpoint;
