/** Image files in folders, one for each class; the name of the folder is the label. */
package dev.featuremap.job.images.source.folder;
