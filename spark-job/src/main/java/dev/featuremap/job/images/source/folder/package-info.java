/** Image files in folders, one a class. */
package dev.featuremap.job.images.source.folder;
