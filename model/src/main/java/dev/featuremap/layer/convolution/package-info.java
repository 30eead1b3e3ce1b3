/** convolution */
package dev.featuremap.layer.convolution;
