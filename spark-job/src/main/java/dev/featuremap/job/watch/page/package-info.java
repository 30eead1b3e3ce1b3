/**
 * A run as one HTML page that needs no network: its curves, times, mistakes, filters and feature
 * maps. Java gathers data; the page's own script draws them.
 *
 * <p>Read {@code RunPage} first. Another picture is a method of {@link
 * dev.featuremap.job.watch.page.PageData} and a function of {@code report.js}.
 */
package dev.featuremap.job.watch.page;
