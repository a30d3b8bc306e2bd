"""Data contracts in the Open Data Contract Standard, one file per input and per published output."""
