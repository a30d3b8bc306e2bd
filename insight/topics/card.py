"""A model's card: what it was taught, how it fares, and what not to use it for."""

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from insight.topics.baselines import Keywords
from insight.topics.classifier import TopicModel
from insight.topics.metrics import Metrics, TopicScore

_WEAK_F1 = 0.5
_SMALL_BASE = 30


def model_card(model: TopicModel, *, title: str, version: str, data_period: str) -> str:
    """Write the model's card in Markdown; the same model and words give the same card.

    Parameters
    ----------
    model
        From `insight.topics.training.train_topics`.
    title
        What the model is called, such as ``"Enquiry topics"``.
    version
        The version that predictions are stored under.
    data_period
        When the labelled texts were received, in words.
    """
    sections = [
        f"# {title}, version {version}",
        _purpose(),
        _taught(model, data_period),
        _fares(model.metrics),
        _answers(model),
        _by_topic(model.metrics["topics"], model.keywords),
        _failures(model),
    ]
    return "\n\n".join(sections) + "\n"


def _purpose() -> str:
    return (
        "## What it is for\n\n"
        "It names the topic of a resident's enquiry, so that a service can count what people "
        "write about. It withholds its answer when unsure, and a person's label always wins. "
        "It is not for deciding anything about the person who wrote, nor for judging staff, "
        "nor for texts of another council or another kind."
    )


def _taught(model: TopicModel, data_period: str) -> str:
    left_out = "; ".join(f"{_cell(name)} ({n})" for name, n in model.left_out.items())
    return "\n".join(
        [
            "## What it was taught",
            "",
            f"- Labelled texts: {model.trained_rows:,}, received {data_period}.",
            f"- Topics: {len(model.topics)}.",
            f"- Left out, with fewer than {model.method.minimum_examples} different texts: "
            f"{left_out or 'none'}.",
            f"- Data hash: `{model.data_hash}`; seed {model.seed}.",
            f"- Reads: words, pairs of words up to {model.method.pair_distance} apart, and runs "
            f"of {_run(model.method.character_lengths)} characters: "
            f"{model.machine.features.size:,} terms, each seen in at least "
            f"{model.method.minimum_texts} texts and kept as a number only. "
            "A linear support vector machine weighs them.",
            f"- Sentence encoder: {model.encoder_hash[:12] or 'none'}.",
        ]
    )


def _fares(metrics: Metrics) -> str:
    accuracy = _interval(metrics["accuracy"], metrics["accuracy_lower"], metrics["accuracy_upper"])
    return "\n".join(
        [
            "## How it fares",
            "",
            f"On {metrics['n']:,} texts, each answered by a model that had not seen it, before "
            "any answer is withheld. The majority rule always names the commonest topic; the "
            "keyword rule names the topic most of whose telling terms occur.",
            "",
            "| | model | keyword rule | majority rule |",
            "|---|---|---|---|",
            f"| accuracy | {accuracy} | {_share(metrics['keyword_accuracy'])} "
            f"| {_share(metrics['majority_accuracy'])} |",
            f"| macro-F1 | {metrics['macro_f1']:.3f} | {metrics['keyword_macro_f1']:.3f} "
            f"| {metrics['majority_macro_f1']:.3f} |",
            "",
            "Accuracy is the share answered rightly; macro-F1 gives every topic the same weight, "
            "however few its texts. "
            f"Calibration error: {metrics['ece']:.3f} (how far its confidence and its share of "
            "right answers differ).",
            "",
            "![Share of right answers against confidence](calibration.svg)",
            "",
            "![Which topics are taken for which](confusion.svg)",
        ]
    )


def _answers(model: TopicModel) -> str:
    metrics, calibration = model.metrics, model.calibration
    heading = "## When it answers\n\n"
    if calibration.least_confidence is None:
        return (
            f"{heading}Never: at no confidence are {_share(model.method.wanted_precision)} of "
            "its answers surely right, so every answer is withheld. More labelled texts are "
            "needed, or clearer topics."
        )
    coverage = _interval(metrics["coverage"], metrics["coverage_lower"], metrics["coverage_upper"])
    precision = _interval(
        metrics["precision_on_covered"], metrics["precision_lower"], metrics["precision_upper"]
    )
    return (
        f"{heading}At a confidence of {calibration.least_confidence:.3f} or more, when the text "
        f"looks like one of its topics. It then answers {coverage} of "
        f"texts and {precision} of its answers are right; "
        f"{_share(model.method.wanted_precision)} was wanted. The rest is counted as not "
        "classified."
    )


def _by_topic(scores: list[TopicScore], keywords: Keywords) -> str:
    lines = [
        "## By topic",
        "",
        "Before any answer is withheld; 95% intervals in brackets. Precision: of the texts given "
        "this topic, the share that is about it. Recall: of the texts about it, the share that "
        "was given it. F1 is one number for both.",
        "",
        "| topic | texts | precision | recall | F1 | telling terms |",
        "|---|---|---|---|---|---|",
    ]
    for score, terms in zip(scores, keywords, strict=True):
        precision = _interval(
            score["precision"], score["precision_lower"], score["precision_upper"]
        )
        recall = _interval(score["recall"], score["recall_lower"], score["recall_upper"])
        lines.append(
            f"| {_cell(score['topic'])} | {score['n']:,} | {precision} | {recall} "
            f"| {score['f1']:.3f} | {_cell(', '.join(_says(terms))) or 'none'} |"
        )
    return "\n".join(lines)


def _says(terms: tuple[str, ...]) -> list[str]:
    """Leave out what tells a reader nothing, such as "they have", though it may be typical."""
    return [term for term in terms if not set(term.split()) <= ENGLISH_STOP_WORDS]


def _failures(model: TopicModel) -> str:
    weak = [
        f"- {_cell(score['topic'])}: F1 {score['f1']:.3f}; most often mistaken for "
        f"{_cell(score['mistaken_for'])}."
        for score in model.metrics["topics"]
        if score["f1"] < _WEAK_F1 and score["mistaken_for"]
    ]
    small = [
        f"- {_cell(score['topic'])}: only {score['n']} examples, so its figures say little."
        for score in model.metrics["topics"]
        if score["n"] < _SMALL_BASE
    ]
    strange = (
        f"- What is out of scope was learnt from {model.scope.learned_from} texts."
        if model.scope.learned_from
        else "- Nobody has labelled texts as out of scope, so only low scores tell them."
    )
    known = [
        strange,
        "- One topic a text: an enquiry about two things gets one of them, or none.",
        "- A subject that no example covers is withheld only if it looks unlike all of them.",
        "- Texts in another language than the examples are mostly withheld, and irony is lost.",
    ]
    return "\n".join(["## Known failures", "", *weak, *small, *known])


def _run(lengths: tuple[int, int]) -> str:
    return f"{lengths[0]} to {lengths[1]}"


def _share(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"


def _interval(share: float | None, lower: float | None, upper: float | None) -> str:
    if share is None or lower is None or upper is None:
        return "not known"
    return f"{share:.1%} ({lower:.1%} to {upper:.1%})"


def _cell(text: str) -> str:
    """Keep a council's own words from being read as Markdown or HTML."""
    for character in "\\`*_[]<>|#":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
