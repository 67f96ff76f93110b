"""Work that kills its worker whenever it meets a certain file. Workers import it."""

import os
import signal

from restoration.batch.task import run_task


def kill_its_worker(task):
    if task.path.name == "deadly.png":
        (task.target.parent / f"killed-{os.getpid()}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_task(task)
