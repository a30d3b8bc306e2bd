"""Data contracts in the Open Data Contract Standard v3.1, one file per input and published output.

`load_contract` reads one through the standard's own model and returns the plain
`insight.contract.Contract` that the pure library applies.
"""

from data_contracts.loader import (
    INPUTS,
    OUTPUTS,
    STORE,
    UnknownContractError,
    contract_names,
    load_contract,
    load_standard,
    load_store_contracts,
    load_vocabularies,
)

__all__ = [
    "INPUTS",
    "OUTPUTS",
    "STORE",
    "UnknownContractError",
    "contract_names",
    "load_contract",
    "load_standard",
    "load_store_contracts",
    "load_vocabularies",
]
