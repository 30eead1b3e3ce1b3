/**
 * What commands do, apart from {@code train} and {@code validate}, which are in {@code training}: a
 * package for each, with a job and the request that it takes.
 *
 * <p>Read first: {@code HistoryJob}, the shortest, then {@code PackJob} with {@code
 * output.ResumableDirectory}, which knows how a command that may be killed fills a directory.
 *
 * <p>A new command is a package with {@code XRequest}, a record of what is asked for, {@code XJob},
 * a record of {@code (Configuration hadoop, PrintWriter out)} with a method {@code run(XRequest)},
 * and a {@code package-info}. A job tells people by {@code LinePrinter} and programs by a {@code
 * JobException}, whose exit code becomes that of the process. The package {@code cli} says how it
 * gets its options.
 */
package dev.featuremap.job.commands;
