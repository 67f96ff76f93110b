"""Nothing leaves the machine: no address but this machine's own is even looked up."""

import os
import subprocess
import sys
import tomllib

# Python tells its audit hooks of every look-up and every connection before it is made, whoever asks for it.
PROGRAM = """
import sys

tried = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a socket of this machine has a path
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"):
        tried.append((event, host))
        raise OSError(f"{event} {host}: there is no network")

sys.addaudithook(watch)

import restoration
from restoration.photo.sample_photos import SAMPLES, sample

truth = sample("Cat").pixels[:96, :128]
noisy = restoration.add_noise(truth, "gaussian", 0.1, seed=0)
for preset in ("best", "lecture"):
    restored = restoration.denoise(noisy, preset=preset)
    assert restoration.psnr(restored, truth) > restoration.psnr(noisy, truth) + 1
for name in SAMPLES:
    sample(name)
restoration.Photo.open(restoration.Photo(restored).to_bytes("AVIF"))

from streamlit.testing.v1 import AppTest

app = AppTest.from_file(sys.argv[1], default_timeout=120).run()
assert not app.exception and not app.error
app.switch_page("pages/denoise.py").run()
for closer in ("Beside the classical methods", "Model card"):
    app.segmented_control(key="closer").set_value(closer).run()
    assert not app.exception and not app.error
assert tried == [], tried

import urllib.request
try:
    urllib.request.urlopen("http://latent-darkroom.invalid", timeout=1)
except OSError:
    pass
assert [host for _, host in tried] == ["latent-darkroom.invalid"], "the watch sees nothing"
print("nothing was tried")
"""


def test_nothing_is_asked_of_the_network(repo):
    environment = dict(os.environ)
    for variable in ("http_proxy", "https_proxy", "all_proxy"):  # a proxy would hide the name that is asked for
        environment = {name: value for name, value in environment.items() if name.lower() != variable}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(repo / "streamlit_app.py")],
        cwd=repo,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.endswith("nothing was tried\n")


def test_streamlit_is_told_to_send_no_statistics_and_to_answer_this_machine_alone(repo):
    config = tomllib.loads((repo / ".streamlit" / "config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "127.0.0.1"


def test_nothing_in_the_interface_is_loaded_from_elsewhere(repo):
    files = [file for file in (repo / "restoration" / "ui").rglob("*") if file.suffix in (".js", ".css", ".html")]
    assert files
    for file in files:
        assert "//" not in file.read_text().replace("// ", "").replace("http://www.w3.org/2000/svg", "")
