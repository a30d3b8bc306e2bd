"""What the past makes of a measure's next target, in lines to read."""

import pandas as pd

from insight.rounding import written
from insight.target_setting import TargetAid


def target_lines(aid: TargetAid, unit: str, decimals: int) -> list[str]:
    """Write the aid out: the history, then each target that was tried, then what to mind.

    Numbers are shown as the measure's own are, since that is how they are compared.
    """
    said = [f"\n{aid.measure}: the last {aid.periods} periods"]
    if aid.periods:
        mean, best, worst = _shown([aid.mean, aid.best, aid.worst], unit, decimals)
        said.append(f"So far: {mean} on average, {best} at best, {worst} at worst.")
    if aid.limits is not None:
        lower, upper = _shown(list(aid.limits), unit, decimals)
        said.append(f"As it is, the process gives {lower} to {upper} (control limits).")
    tried = aid.candidates
    for shown, row in zip(
        _shown(tried["candidate"].tolist(), unit, decimals), tried.to_dict("records"), strict=True
    ):
        sure = f" (95% {row['lower']:.0%} to {row['upper']:.0%})" if row["periods"] else ""
        warning = f"; {row['warning']}" if row["warning"] else ""
        met = f"met {row['met']} of {row['periods']}{sure}"
        said.append(f"{shown:>12}  {met}  {row['why']}{warning}")
    return [*said, *aid.notes]


def _shown(values: list[float], unit: str, decimals: int) -> list[str]:
    return written(pd.Series(values, dtype="float64"), unit, decimals).fillna("none").tolist()
