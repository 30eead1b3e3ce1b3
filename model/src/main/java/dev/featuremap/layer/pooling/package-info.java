/** pooling */
package dev.featuremap.layer.pooling;
