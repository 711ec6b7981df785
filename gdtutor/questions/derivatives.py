"""Exercises of lesson 1."""

from ..check.exercises import Exercises

derivatives = Exercises("derivatives")
