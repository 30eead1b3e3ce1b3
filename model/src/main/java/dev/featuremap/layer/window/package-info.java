/**
 * How windows slide over feature maps, for convolution and pooling layers alike: sizes, strides,
 * dilations and paddings of rows and columns, their notation in network files, and the sizes that
 * follow.
 */
package dev.featuremap.layer.window;
