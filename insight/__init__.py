"""The pure library: DataFrames in, DataFrames and Figures out.

Nothing here touches disk, network, clock, environment, Prefect or SQL; the date, the
seed and the key are arguments.
"""
