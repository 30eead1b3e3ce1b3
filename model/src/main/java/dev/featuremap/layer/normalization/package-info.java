/** normalization */
package dev.featuremap.layer.normalization;
