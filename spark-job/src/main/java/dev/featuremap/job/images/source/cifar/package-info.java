/** The binary files of CIFAR-10 and CIFAR-100. */
package dev.featuremap.job.images.source.cifar;
