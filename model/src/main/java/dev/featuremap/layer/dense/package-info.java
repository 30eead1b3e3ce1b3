/** dense */
package dev.featuremap.layer.dense;
