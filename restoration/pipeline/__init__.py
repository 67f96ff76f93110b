"""Several tasks in a row as data: what a photograph needs, the steps that restore it, and the replay of a result.

>>> from restoration import Photo, Pipeline, Step
>>> from restoration.photo.sample_photos import sample
>>> photo = sample("Cat").with_pixels(sample("Cat").pixels[:48, :64])

Make a pipeline: from a text, from JSON, from a list. A step, a setting or a value that does not exist is refused by one
sentence with the nearest right one (`PipelineError`, an `ImageError`).

>>> pipeline = Pipeline.parse("denoise strength=0.8; tone; upscale scale=2")
>>> pipeline == Pipeline([Step("denoise", strength=0.8), Step("tone"), Step("upscale", scale=2)])
True
>>> pipeline == Pipeline.from_json(pipeline.to_json())
True
>>> pipeline.size(48, 64)  # of the result, checked before any work
(96, 128)

Run it. `progress(done, total)` is one over all steps, `on_step(step)` says which begins; `step.kind.doing` and
`step.kind.done` are the words for it. Whatever `progress` raises cancels the run.

>>> result = pipeline.run(photo, progress=lambda done, total: None, on_step=lambda step: None)
>>> [(one.step.name, one.photo.pixels.shape[:2]) for one in pipeline.steps_of(result)]
[('denoise', (48, 64)), ('tone', (48, 64)), ('upscale', (96, 128))]

`steps_of` costs the memory of every step: `run(..., keep_steps=False)` where nobody compares, or `run_steps`, an
iterator that gives a `StepResult` (step, photo, seconds) behind each step.

Save it: the file records the pipeline with the networks and their hashes, and gives it back. `notes` says so where the
networks are others now.

>>> again = Pipeline.from_photo(result.to_bytes("JPEG"))
>>> again == pipeline, again.notes
(True, ())

Ask what a photograph needs: `plan` measures it and proposes a pipeline; `findings` are what was found, each with words,
number, threshold and what the number is; `measured` are all of them, `plan["noise"]` one. `why` has a sentence for each
proposed step. `restore(photo)` plans and runs.

>>> from restoration import plan, to_gray
>>> proposed = plan(photo.with_pixels(to_gray(photo.pixels)))
>>> [finding.words for finding in proposed.findings], str(proposed.pipeline), proposed.why[0]
(['Faded', 'Gray', 'Small, 64 x 48'], 'tone; colorize; upscale scale=4', 'Faded: its tones span 43 of 100.')

What each step can be told stands once, in `STEPS`: name -> `StepKind` with help, words, and settings (`Number` with low
and high, `Switch`, `Choice` with choices(), `Hints`, `Strokes`), each with name, label, help, default,
`parse(text, step)`, `check(value, step)` and `allowed`, the range in words. Their order is the one in which steps are
best run, in which `pipeline.with_step(step)` adds one.

>>> from restoration.pipeline import STEPS
>>> [(one.name, one.default, one.allowed) for one in STEPS["tone"].settings]
[('strength', 1.0, '0 to 1'), ('toning', 'keep', 'keep, neutralise, put-back')]
"""

from restoration.pipeline.findings import FINDINGS, Finding
from restoration.pipeline.pipeline import Pipeline, StepResult
from restoration.pipeline.proposal import Plan, plan, restore, suited_network
from restoration.pipeline.registry import STEPS, StepKind, step_kind
from restoration.pipeline.settings import Choice, Hints, Number, PipelineError, Setting, Strokes, Switch
from restoration.pipeline.step import Step

__all__ = [
    "FINDINGS",
    "STEPS",
    "Choice",
    "Finding",
    "Hints",
    "Number",
    "Pipeline",
    "PipelineError",
    "Plan",
    "Setting",
    "Step",
    "StepKind",
    "StepResult",
    "Strokes",
    "Switch",
    "plan",
    "restore",
    "step_kind",
    "suited_network",
]
