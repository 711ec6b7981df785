"""Grading many submissions: by workers on this machine, or on others through Dask.

Submissions are read when their turn comes, and results are written as they come. So a class of any size
takes little memory, and whatever ends the grader early costs at most what was in progress.
"""

import concurrent.futures
import itertools
import pathlib
import queue
import threading

from .results import keep, load, sweep
from .task import Task, failed
from .worker import Worker

PATIENCE = 20  # seconds until a Dask scheduler has answered
SHARD = 20  # submissions that a Dask worker gets at once


class Stopped(RuntimeError):
    """Grading can't go on; the message says why, and what to do."""


def path_of(folder, id):
    """Return where the result of a submission is kept."""
    return pathlib.Path(folder) / "results" / f"{id}.json"


def grade_class(
    submissions, folder, secret=b"", trust=False, workers=1, scheduler="", resume=False
):
    """Grade submissions, write each result as it comes, and yield it.

    Parameters
    ----------
    submissions : iterable of Submission
    folder : path
        Results are written to its folder `results`.
    secret : bytes
        Of the seeds.
    trust : bool
        Whether to do without a sandbox.
    workers : int
        How many processes grade on this machine.
    scheduler : str
        Address of a Dask scheduler, whose workers grade instead.
    resume : bool
        Whether results stand that depend on just what they would depend on now.

    Raises
    ------
    Stopped
        Where a result can't be written, or there is no scheduler.
    """
    sweep(folder)
    work = pending(submissions, folder, secret, trust, resume)
    results = by_dask(work, scheduler) if scheduler else on_this_machine(work, workers)
    for result in results:
        try:
            keep(path_of(folder, result["id"]), result)
        except OSError as error:
            results.close()
            raise Stopped(
                f"The result of {result['student']} can't be written: {error}. What was graded before "
                "is kept. Make room, and go on with --resume."
            ) from error
        yield result


def pending(submissions, folder, secret, trust, resume):
    """Yield a task for each submission, or its result where there is nothing to do."""
    for submission in submissions:
        try:
            data = b"" if submission.problem else submission.read()
        except OSError as error:
            yield failed(submission, f"it couldn't be read: {error}")
            continue
        task = Task(submission, data, secret, trust)
        kept = load(path_of(folder, submission.id)) if resume else None
        yield kept if kept and kept["key"] == task.key else task


def on_this_machine(work, workers):
    """Yield the results of work, as they come, from so many workers.

    A thread for each worker hands it tasks; it waits where results aren't taken as fast.
    """
    work, turn, results, over = (
        iter(work),
        threading.Lock(),
        queue.Queue(workers),
        threading.Event(),
    )

    def labour():
        try:
            with Worker() as worker:
                while not over.is_set():
                    with turn:
                        item = next(work, None)
                    if item is None:
                        break
                    results.put(item if isinstance(item, dict) else worker.grade(item))
            results.put(None)
        except BaseException as error:  # raised where results are waited for
            results.put(error)

    for _ in range(workers):
        threading.Thread(target=labour, daemon=True).start()
    try:
        left = workers
        while left:
            result = results.get()
            if isinstance(result, BaseException):
                raise result
            if result is None:
                left -= 1
            else:
                yield result
    finally:
        over.set()
        while True:  # whoever waits to hand something over may go
            try:
                results.get_nowait()
            except queue.Empty:
                break


def by_dask(work, address):
    """Yield the results of work, as they come, from the workers of a Dask scheduler.

    Each gets a shard at a time, with the bytes of the notebooks: it needs no file of this machine.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Stopped('--scheduler needs Dask: `pip install "gdtutor[dask]"`.') from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Stopped(f"There is no Dask scheduler at {address}: {error}.") from error
    with client:
        executor = client.get_executor(retries=2, pure=False)
        width = 2 * max(len(client.scheduler_info()["workers"]), 1)
        running = {}
        while True:
            while len(running) < width and (shard := list(itertools.islice(work, SHARD))):
                yield from (item for item in shard if isinstance(item, dict))
                tasks = [item for item in shard if not isinstance(item, dict)]
                running[executor.submit(grade_shard, [task.pack() for task in tasks])] = tasks
            if not running:
                return
            done, _ = concurrent.futures.wait(running, return_when="FIRST_COMPLETED")
            for future in done:
                tasks = running.pop(future)
                if error := future.exception():
                    yield from (failed(task.submission, f"Dask: {error}") for task in tasks)
                else:
                    yield from future.result()


def grade_shard(texts):
    """Return the results of packed tasks, graded by a worker of their own."""
    with Worker() as worker:
        return [worker.grade(Task.unpack(text)) for text in texts]
