/** elementwise */
package dev.featuremap.layer.elementwise;
