/** Layers that choose and order the channels of what they read. */
package dev.featuremap.layer.channel;
