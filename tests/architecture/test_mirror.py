"""For `core/a/b.py` a reader finds `tests/core/a/test_b.py`, for a GPU's part of the engine `tests/gpu/.../test_b.py`.

What is tested through something else is listed here, with where.
"""

from __future__ import annotations

from pathlib import Path

import pytest

RECORDS = "records without behaviour: whoever makes and reads them tests them"
INTERFACE = "an interface: whatever implements it tests it"
WHOLE = "parts of one thing that only mean something together"
REFUSALS = "why a checkpoint is refused, told by loading one"

TESTED_THROUGH: dict[str, tuple[str, str]] = {
    # fine-tuning
    "core/train/sft/build.py": ("tests/core/train/sft/test_command.py", "whole runs, which it puts together"),
    "core/train/sft/clip_source.py": ("tests/core/train/sft/test_sample_dataset.py", "hands on what core/data decodes"),
    "core/train/sft/packed_attention.py": (
        "tests/core/train/sft/test_sft_model.py",
        "samples that see only themselves",
    ),
    "core/train/sft/sft_trainer.py": ("tests/core/train/sft/test_command.py", "runs, killed, resumed and spread"),
    "core/train/sft/sharding.py": ("tests/core/train/sft/test_command.py", "two processes against one"),
    # application
    "app/__main__.py": ("tests/app/test_cli.py", "every command line of these tests runs it"),
    "app/bench/event_loop_monitor.py": ("tests/app/bench/test_sections.py", "a program of its own, run there"),
    "app/bench/peers.py": ("tests/app/bench/test_sections.py", "what the window talks to there"),
    "app/bridge/stream_error.py": ("tests/app/bridge/test_stream.py", "the errors of whole streams"),
    "app/outputs/obs_scene.py": ("tests/app/outputs/test_obs_page.py", "what a source is put into"),
    "app/outputs/page_options.py": ("tests/app/outputs/test_page.py", "what the page is made with"),
    "app/window/obs_finder.py": ("tests/app/window/test_obs_row.py", "what the button asks"),
    "app/capture/camera.py": ("tests/app/capture/test_live_video.py", "the common part of live video, on a test card"),
    "app/capture/decoder.py": ("tests/app/capture/test_live_video.py", "what its process decodes"),
    "app/capture/decoder_messages.py": ("tests/app/capture/test_decoder_process.py", RECORDS),
    "app/capture/sound_tap.py": (
        "tests/app/outputs/test_recorded_sound.py",
        "a stream's sound, recorded",
    ),
    "app/capture/packet_stream.py": ("tests/app/capture/test_live_video.py", "what its packets hold"),
    "app/capture/layout_watch.py": ("tests/faults/test_screens.py", "needs screens that change"),
    "app/capture/network.py": ("tests/app/capture/test_live_video.py", "the same, from a real server"),
    "app/capture/desktop.py": ("tests/app/capture/test_spec.py", "nothing but how its SOURCE is written"),
    "app/capture/desktop_programs.py": ("tests/app/capture/test_desktop_session.py", "what performs the session"),
    "app/capture/desktop_widgets.py": ("tests/app/capture/test_desktop_session.py", "two of its windows"),
    "app/portal/connection.py": ("tests/app/capture/test_shared_screen.py", "what is shared through it"),
    "app/portal/global_shortcuts.py": ("tests/app/window/test_portal_keys.py", "keys held through it"),
    "app/portal/screen_cast.py": ("tests/app/capture/test_shared_screen.py", WHOLE),
    "app/portal/wayland.py": ("tests/app/capture/test_shared_screen.py", "chooses what it tests"),
    "app/capture/freedoom.py": ("tests/app/capture/test_spec.py", "nothing but how its SOURCE is written"),
    "app/capture/wrapped_source.py": ("tests/app/capture/test_returning.py", "one of those that stand in front"),
    "app/capture/source_kind.py": ("tests/app/capture/test_spec.py", RECORDS),
    "app/capture/stored.py": ("tests/app/capture/test_file.py", "what files and folders have in common"),
    "app/capture/own_window_mask.py": ("tests/app/capture/test_screen.py", "needs a captured screen"),
    "app/capture/window_grabbers.py": ("tests/app/capture/test_window.py", WHOLE),
    "app/controllers/source_choice.py": ("tests/app/window/test_source_gallery.py", "the application, choosing"),
    "app/bridge/capture_loop.py": ("tests/app/bridge/test_stream.py", "the capture thread of whole streams"),
    "app/window/first_place.py": ("tests/app/window/test_main_window.py", "where it opens"),
    "app/bridge/resume_state.py": ("tests/app/controllers/test_switching.py", "streams that go on from each other"),
    "app/controllers/mask_check.py": ("tests/app/capture/test_mask_test.py", "the same test, of the caption band"),
    "app/capture/window_identity.py": ("tests/app/capture/test_private_windows.py", WHOLE),
    "app/capture/window_stack.py": ("tests/app/capture/test_private_windows.py", WHOLE),
    "app/capture/x11_desktop.py": ("tests/app/capture/test_screen.py", "needs a captured screen"),
    "app/capture/x11_windows.py": ("tests/app/capture/test_window.py", WHOLE),
    "app/commands/doctor_keys.py": ("tests/app/commands/test_doctor.py", "lines of the doctor"),
    "app/engine_host.py": ("tests/faults/test_engine_killed.py", "engines of whole streams, killed"),
    "app/commands/evaluate.py": ("tests/app/capture/test_programme_window.py", "the evaluation through that window"),
    "app/gauges/gpu_meter.py": ("tests/app/gauges/test_gpu_probe.py", "the probe in a thread"),
    "app/commands/asking.py": ("tests/app/library/ask/test_asking.py", "the commands round it"),
    "app/library": ("tests/app/library", WHOLE),
    "app/library/ask/answer.py": ("tests/app/library/ask/test_asking.py", RECORDS),
    "app/outputs/core_share.py": ("tests/app/outputs/test_video.py", "what the recording may take"),
    "app/outputs/flite_voice.py": ("tests/app/outputs/test_speech.py", WHOLE),
    "app/outputs/speech_player.py": ("tests/app/outputs/test_speech.py", WHOLE),
    "app/listening/listener_process.py": ("tests/app/listening/test_listener.py", "the other end of its pipe"),
    "app/outputs/ducking_process.py": ("tests/app/outputs/test_ducking.py", "the other end of its pipe"),
    "app/outputs/neural_voice_process.py": ("tests/app/outputs/test_neural_voice.py", "the other end of its pipe"),
    "app/outputs/voice_download.py": ("tests/app/outputs/test_voice.py", "a voice on the hub"),
    "app/outputs/kinds.py": ("tests/app/test_cli.py", "the list as the command line reads it"),
    "app/outputs/output.py": ("tests/app/outputs/test_fanout.py", INTERFACE),
    "app/outputs/output_kind.py": ("tests/app/outputs/test_fanout.py", RECORDS),
    "app/outputs/chat_link.py": ("tests/app/outputs/test_chat.py", WHOLE),
    "app/outputs/obs_link.py": ("tests/app/outputs/test_obs.py", WHOLE),
    "app/outputs/obs_socket.py": ("tests/app/outputs/test_obs.py", WHOLE),
    "app/outputs/obs_text.py": ("tests/app/outputs/test_obs.py", WHOLE),
    "app/outputs/page_feed.py": ("tests/app/outputs/test_page_server.py", "what its readers get"),
    "app/outputs/page_token.py": ("tests/app/outputs/test_page_server.py", "the secret in its addresses"),
    "app/models/catalogue.py": ("tests/app/models/test_fit.py", RECORDS),
    "app/controllers/outside.py": (
        "tests/app/window/test_global_keys.py",
        "steered by keys and the tray",
    ),
    "app/overlay": ("tests/app/overlay/test_band.py", "the band's parts, on a real screen"),
    "app/personas/folders.py": ("tests/app/personas/test_persona.py", WHOLE),
    "app/remote": ("tests/app/remote/test_server.py", "requests and replies over a real socket"),
    "app/library/film_process.py": ("tests/app/library/test_film.py", "one that dies or hangs, from both sides"),
    "app/library/film_reader.py": ("tests/app/library/test_film.py", "what its process decodes"),
    "app/commands/rerun.py": ("tests/app/library/test_rerun.py", "the command round it"),
    "app/commands/sessions_arguments.py": ("tests/app/commands/test_sessions.py", "the commands, run as such"),
    "app/controllers/screen_captions.py": (
        "tests/app/controllers/test_steering.py",
        "steered from outside",
    ),
    "app/settings.py": ("tests/app/test_settings_file.py", "settings as they are read from their file"),
    "app/controllers/desktop_preferences.py": (
        "tests/app/controllers/test_appearance.py",
        "a desktop's portal, followed",
    ),
    "app/controllers/preferences.py": ("tests/app/window/test_settings_window.py", "changes in the whole application"),
    "app/setting_texts.py": ("tests/app/test_setting_list.py", "the words of what is listed"),
    "app/texts.py": ("tests/app/test_setting_list.py", "a mark on those words"),
    "app/style_sheet.py": ("tests/app/controllers/test_appearance.py", "part of a look"),
    "app/theme.py": ("tests/app/window/test_main_window.py", "colours and fonts, worn by the window"),
    "app/commands/watch_remote.py": ("tests/app/commands/test_ctl.py", "the command, steered"),
    "app/commands/watch_arguments.py": ("tests/app/test_cli.py", "the command, run as such"),
    "app/window": ("tests/app/window", "widgets, in the window that shows them"),
    # engine
    "core/engine/engine_process.py": ("tests/core/engine/test_child_host.py", "the other end of its pipe"),
    "core/engine/backends": ("tests/core/engine/backends", "each against the reference"),
    "core/engine/backends/cpu": ("tests/core/engine/backends/test_attention.py", "each against the reference"),
    "core/engine/backends/cuda": ("tests/gpu/test_streams.py", "whole streams, fast and plain"),
    "core/engine/context.py": ("tests/core/engine/test_engine.py", "the state of the stream that is tested there"),
    "core/engine/crash_file.py": ("tests/app/commands/test_doctor_report.py", "a real crash, and who reads of it"),
    "core/engine/device.py": ("tests/gpu/test_gpu_probe.py", "needs a GPU"),
    "core/messages.py": ("tests/app/session/test_records.py", RECORDS),
    "core/model/blob_hash.py": ("tests/core/model/test_hub.py", "what tells a damaged download"),
    "core/model/byte_meter.py": ("tests/core/model/test_hub.py", "how far a download is"),
    "core/model/config_fields.py": ("tests/core/model/test_damaged_checkpoints.py", REFUSALS),
    "core/model/json_file.py": ("tests/core/model/test_damaged_checkpoints.py", REFUSALS),
    "core/model/quantization.py": ("tests/core/model/test_damaged_checkpoints.py", REFUSALS),
    "core/model/weight_files.py": ("tests/core/model/test_damaged_checkpoints.py", REFUSALS),
    "core/model/weight_ranges.py": ("tests/core/model/test_damaged_checkpoints.py", REFUSALS),
    "core/video/animation.py": ("tests/core/video/test_containers.py", "among the other kinds of files"),
    "core/paths.py": ("tests/faults/test_fuzz.py", "among the names of sources and models"),
    "core/setting_types.py": ("tests/core/test_config.py", "settings as they are given"),
    "core/source_messages.py": ("tests/app/bridge/test_gap_tracker.py", RECORDS),
    "core/output_messages.py": ("tests/app/session/test_records.py", RECORDS),
    "core/types.py": ("tests/core/video/test_chunker.py", RECORDS),
    "core/model/config.py": ("tests/parity/test_transformers.py", "the same"),
    "core/model/layers.py": ("tests/parity/test_transformers.py", "the same"),
    "core/model/qwen2_5_vl": ("tests/parity/test_transformers.py", "the same"),
    "core/model/transfer.py": ("tests/core/model/test_hub.py", "the download that it does"),
    # what the bundled model knows, and how it is trained and measured
    "core/data/options.py": ("tests/core/data/test_command.py", "the command, run as such"),
    "core/data/finding.py": ("tests/core/data/test_check.py", RECORDS),
    "core/data/sample.py": ("tests/core/data/test_jsonl.py", RECORDS),
    "core/data/persistent.py": ("tests/core/data/test_media.py", "needs damaged recordings"),
    "core/data/verdict.py": ("tests/core/data/test_rules.py", RECORDS),
    "core/eval/bench": ("tests/core/eval/bench/test_bench.py", "sections, run one after the other as the command does"),
    "core/eval/published": ("tests/core/eval/published/test_inf_streams.py", "whole runs, as the command makes them"),
    "core/programmes/question.py": ("tests/core/programmes/test_programme.py", RECORDS),
    "core/programmes/desktop": ("tests/core/programmes/desktop/test_programme.py", WHOLE),
    "core/programmes/football": ("tests/core/programmes/football", WHOLE),
    "core/programmes/freedoom": ("tests/core/programmes/freedoom", WHOLE),
    "core/programmes/unknown": ("tests/core/programmes/test_programme.py", "held to the interface of every programme"),
    "core/train": ("tests/core/train", "parts of a run, which the tests of checkpoint and command make"),
    "core/train/football": ("tests/core/train/football", "the same"),
}
"""A module or a folder (its own modules, not those of folders in it): where it is tested, and why there."""


def modules(checkout: Path) -> list[str]:
    paths = [path for root in ("core", "app") for path in sorted((checkout / root).rglob("*.py"))]
    return [path.relative_to(checkout).as_posix() for path in paths if path.name != "__init__.py"]


def mirror_exists(checkout: Path, module: str) -> bool:
    folder, _, name = module.rpartition("/")
    on_a_gpu = folder.replace("core/engine/", "tests/gpu/")
    return any((checkout / place / f"test_{name}").is_file() for place in (f"tests/{folder}", on_a_gpu))


def test_every_module_is_tested_where_a_reader_looks(checkout: Path) -> None:
    alone = [module for module in modules(checkout) if not mirror_exists(checkout, module)]
    assert not [m for m in alone if m not in TESTED_THROUGH and m.rpartition("/")[0] not in TESTED_THROUGH]


@pytest.mark.parametrize("place", TESTED_THROUGH)
def test_no_exception_is_stale(checkout: Path, place: str) -> None:
    there, _ = TESTED_THROUGH[place]
    assert (checkout / there).exists()
    own = [m for m in modules(checkout) if m == place or m.rpartition("/")[0] == place]
    assert [module for module in own if not mirror_exists(checkout, module)]
