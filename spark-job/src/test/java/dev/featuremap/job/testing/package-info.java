/** Fakes and fixtures that tests share. */
package dev.featuremap.job.testing;
