"""Pipelines: what is read and refused, what is run in which order, what a result records."""

import io
import json
import pickle

import numpy as np
import pytest

import restoration
from restoration import Photo, Pipeline, PipelineError, Step
from restoration.photo.sample_photos import sample
from restoration.pipeline import STEPS

CAT = sample("Cat").pixels[100:148, 100:164]
PHOTO = Photo(CAT, alpha=np.linspace(0, 1, CAT[..., 0].size, dtype=np.float32).reshape(48, 64), bits=16, dpi=(300, 300))
ALL = "denoise strength=0.8 preset=fast; tone; colorize; upscale scale=2 preset=lecture"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("denoize", "There is no step 'denoize'; did you mean denoise?"),
        ("xyz", "There is no step 'xyz'; choose one of "),
        ("denoise strenght=1", "denoise has no setting 'strenght'; did you mean strength?"),
        ("denoise strength=2", "The strength of denoise is 2.0; it must be a number from 0 to 1."),
        ("denoise strength=much", "The strength of denoise is 'much'; it must be a number from 0 to 1."),
        ("denoise strength=nan", "The strength of denoise is nan; it must be a number from 0 to 1."),
        ("denoise strength", "'strength' is no setting of denoise; write name=value, such as strength=1."),
        ("denoise strength=1 strength=0", "strength of denoise is given twice"),
        ("denoise preset=bset", "The preset of denoise is 'bset'; did you mean best?"),
        ("denoise ensemble=maybe", "The ensemble of denoise is 'maybe'; it must be yes or no."),
        ("colorize proposal=1.5", "it must be a whole number from 0 to 3."),
        ("colorize hints=1,2,blue", "give ROW,COLUMN,#RRGGBB, several with | between them, such as 60,80,#3a6ea5"),
        ("upscale blend=0.5", "upscale: blend is 0.5, a share of faithful beside photo, but the preset is 'faithful'"),
        ("upscale scale=9", "The scale of upscale is 9.0; it must be a number from 1.1 to 8."),
        ("tone;" * 51, "The pipeline has 51 steps; the limit is 50."),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_that_does(text, said):
    with pytest.raises(PipelineError) as refused:
        Pipeline.parse(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"steps": 3}',
        '{"steps": [3]}',
        '{"steps": [{"name": "denoise", "settings": 3}]}',
        '{"steps": [{"name": "denoise", "evil": 3}]}',
        '{"steps": [{"name": ["x"]}]}',
        '{"steps": [{"settings": {}}]}',
        '{"steps": [{"name": "denoise", "settings": {"strength": true}}]}',
        '{"steps": [{"name": "denoise", "settings": {"strength": NaN}}]}',
        '{"steps": [{"name": "colorize", "settings": {"hints": [[1, 2]]}}]}',
        '{"steps": [{"name": "upscale", "settings": {"blend": 0.5}}]}',
        "[" * 100_000,
    ],
)
def test_malformed_json_is_refused_in_one_sentence(text):
    with pytest.raises(PipelineError):
        Pipeline.from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ALL,
        "denoise sigma=25/255 ensemble=yes",
        "colorize hints=1,2,#3a6ea5|4,5,#ffffff proposal=2",
        "upscale width=100; upscale width=none preset=photo blend=0.25; tone toning=put-back",
    ],
)
def test_text_json_and_pickle_give_the_same_pipeline(text):
    pipeline = Pipeline.parse(text)
    assert Pipeline.parse(str(pipeline)) == pipeline
    assert Pipeline.from_json(pipeline.to_json()) == pipeline
    assert Pipeline(pipeline.steps) == pipeline
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline
    assert hash(pickle.loads(pickle.dumps(pipeline))) == hash(pipeline)
    assert pipeline != Pipeline.parse(f"{text}; tone strength=0.1")


def test_every_setting_is_documented_and_its_default_allowed():
    for kind in STEPS.values():
        assert kind.help
        assert kind.doing
        assert kind.done
        assert kind.setting(kind.main)
        for setting in kind.settings:
            assert setting.check(setting.default, kind.name) == setting.default
            assert setting.parse(setting.text(setting.default), kind.name) == setting.default
            assert setting.help
            assert setting.allowed


def test_a_step_is_added_where_it_is_best_run():
    pipeline = Pipeline()
    for name in ("upscale", "denoise", "colorize", "tone"):
        pipeline = pipeline.with_step(Step(name))
    assert [step.name for step in pipeline.steps] == ["denoise", "tone", "colorize", "upscale"]


def test_a_run_is_the_tasks_one_after_the_other():
    result = Pipeline.parse(ALL).run(PHOTO)
    image = restoration.denoise(CAT, strength=0.8, preset="fast")
    image = restoration.colorize(restoration.tone(image))
    image = restoration.upscale(image, 2, preset="lecture")
    np.testing.assert_array_equal(result.pixels, image)
    assert (result.bits, result.dpi, result.alpha.shape) == (16, (300, 300), image.shape[:2])


def test_the_steps_of_a_result_lead_from_the_photo_to_it():
    pipeline = Pipeline.parse("denoise preset=fast; upscale preset=lecture")
    result = pipeline.run(PHOTO)
    first, last = pipeline.steps_of(result)
    np.testing.assert_array_equal(first.photo.pixels, restoration.denoise(CAT, preset="fast"))
    assert last.photo is result
    with pytest.raises(PipelineError, match="not kept"):
        pipeline.steps_of(pipeline.run(PHOTO, keep_steps=False))


@pytest.mark.parametrize("text", ["", "denoise strength=0", "tone strength=0", "denoise strength=0; tone strength=0"])
def test_steps_of_no_strength_give_the_same_bits(text):
    result = Pipeline.parse(text).run(PHOTO)
    assert result.pixels is PHOTO.pixels
    assert result.to_bytes("PNG", settings={}) == PHOTO.to_bytes("PNG", settings={})


def test_progress_is_one_over_all_steps_and_names_them():
    told = []
    pipeline = Pipeline.parse("denoise preset=fast; tone; colorize; upscale scale=8 preset=lecture")
    pipeline.run(PHOTO, lambda done, total: told.append(done / total), on_step=lambda step: told.append(step.name))
    shares = [one for one in told if not isinstance(one, str)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert [one for one in told if isinstance(one, str)] == ["denoise", "tone", "colorize", "upscale"]


def test_whatever_progress_raises_cancels_the_run():
    def cancel(done, total):
        if done:
            raise InterruptedError

    steps = []
    with pytest.raises(InterruptedError):
        Pipeline.parse("denoise preset=fast; tone").run(PHOTO, cancel, on_step=steps.append)
    assert [step.name for step in steps] == ["denoise"]


def test_a_result_that_would_be_too_large_is_refused_before_any_work():
    steps = []
    with pytest.raises(restoration.ImageError, match="the limit is"):
        Pipeline.parse("denoise; upscale scale=8 max_megapixels=0.1").run(PHOTO, on_step=steps.append)
    assert not steps


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WebP", "TIFF", "AVIF"])
def test_a_file_records_the_pipeline_and_its_replay_gives_the_same_pixels(file_format, tmp_path):
    pipeline = Pipeline.parse("denoise strength=0.7 preset=fast; tone strength=0.5")
    result = pipeline.run(PHOTO)
    path = result.save(tmp_path / "result", format=file_format, metadata="none")
    again = Pipeline.from_photo(path)
    assert again == pipeline
    assert again.notes == ()
    assert again == Pipeline.from_photo(result)
    np.testing.assert_array_equal(again.run(PHOTO).pixels, result.pixels)


def test_a_blend_records_both_networks_and_its_replay_gives_the_same_pixels():
    pipeline = Pipeline.parse("upscale preset=photo blend=0.25")
    result = pipeline.run(PHOTO)
    assert (result.bits, result.alpha.shape) == (16, (96, 128))
    assert [name.split("-")[1] for name in pipeline.record()["steps"][0]["networks"]] == ["photo", "faithful"]
    again = Pipeline.from_photo(result.to_bytes("PNG"))
    assert (again, again.notes) == (pipeline, ())
    np.testing.assert_array_equal(again.run(PHOTO).pixels, result.pixels)
    assert pipeline.seconds(48, 64) > 1.5 * Pipeline.parse("upscale preset=photo").seconds(48, 64)


def test_a_replay_says_that_the_weights_are_others():
    record = Pipeline.parse("denoise; tone").record()
    record["steps"][0]["networks"] = {"denoise-best-1": "0" * 64}
    again = Pipeline.from_photo(PHOTO.to_bytes("PNG", settings=record))
    (note,) = again.notes
    assert "denoise-best-1, which is not installed; it would be run with denoise-best-" in note
    (name,) = Pipeline.parse("denoise").record()["steps"][0]["networks"]
    record["steps"][0]["networks"] = {name: "0" * 64}
    (note,) = Pipeline.from_photo(PHOTO.to_bytes("PNG", settings=record)).notes
    assert f"{name}, whose weights are others now" in note
    assert note in Pipeline.from_json(json.dumps(record)).notes


def test_what_the_commands_for_one_task_record_is_a_pipeline_too():
    card = next(card for card in restoration.models() if card.name == "denoise-fast-9")
    recorded = {"task": "denoise", "network": card.name, "sha256": card.sha256, "sigma": None, "strength": 0.5}
    again = Pipeline.from_photo(io.BytesIO(PHOTO.to_bytes("JPEG", settings=recorded)))
    assert again == Pipeline.parse("denoise strength=0.5 preset=fast")


@pytest.mark.parametrize("settings", [None, {}, {"task": "else"}, {"task": ["x"]}, {"steps": 3}])
def test_a_file_without_a_pipeline_is_refused(settings):
    with pytest.raises(PipelineError):
        Pipeline.from_photo(PHOTO.to_bytes("JPEG", settings=settings))
