"""Prints the golden values of InitializerTest, independently of the Java code."""

from math import cos, log, pi, sqrt
from struct import pack, unpack

M = 2**64 - 1  # arithmetic modulo 2^64
G = 0x9E3779B97F4A7C15


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M
    return z ^ z >> 31


def fold(h, key):
    return mix(h + G + mix(key + G & M) & M)


def f32(x):
    return unpack('f', pack('f', x))[0]


def draws(seed, tensor):
    key = fold(fold(mix(seed), 1), tensor)
    return [fold(key, k) for k in range(4)]


def unit(h):
    return ((h >> 11) + 1) / 2**53


def normal(h):
    return sqrt(-2 * log(unit(h))) * cos(2 * pi * unit(fold(h, 1)))


for values in ([normal(h) for h in draws(42, 0)],
               [sqrt(2 / 50) * normal(h) for h in draws(42, 1)],
               [sqrt(6 / 200) * (((h >> 40) * 2 + 1) / 2**24 - 1) for h in draws(42, 2)]):
    print([f32(v) for v in values])
