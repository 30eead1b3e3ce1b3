/**
 * Campaigns of faults against real runs, as long as one likes: {@code scripts/torture}. Each fault
 * becomes a line of a {@link dev.featuremap.job.torture.Ledger} when the run it hit has ended, so
 * campaigns add up over days and machines.
 *
 * <p>A {@link dev.featuremap.job.torture.Campaign} knows one kind of fault; {@link
 * dev.featuremap.job.torture.Subject} is a run that faults are done to, and what must hold of it
 * afterwards. Kills of drivers and executors, two drivers at once and the scheduler's manners have
 * short forms among the integration tests; what stores do wrong has them in {@code
 * StorageFaultsTest}.
 */
package dev.featuremap.job.torture;
