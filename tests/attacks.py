"""What a stranger's cell may do: each attack, what the notes should say of it, and what it may cost.

Every attack is put into a solved notebook, between its answers: the rest must keep its points.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """A cell, what is noted of it ("" for nothing), and the questions that it may cost."""

    cell: str
    noted: str = ""
    costs: tuple = ()


LATE = "took longer than"
ATTACKS = {
    # time
    "endless loop": Attack("while True:\n    pass", LATE),
    "loop that swallows exceptions": Attack(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass", LATE
    ),
    "sleep": Attack("import time\ntime.sleep(1e9)", LATE),
    "stopped by its own signal": Attack("import os\nos.kill(os.getpid(), 19)", LATE),
    # memory, processes, files
    "two billion bytes": Attack("import numpy as np\nbig = np.ones(300_000_000)", "MemoryError"),
    "a list that grows": Attack("grow = []\nwhile True:\n    grow.append(bytes(10**7))", "MemoryError"),
    "fork bomb": Attack("import os\nwhile True:\n    os.fork()", ""),
    "fork bomb in sessions of their own": Attack(
        "import os, time\nfor _ in range(500):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        time.sleep(1e9)",
        "BlockingIOError",
    ),
    "threads": Attack(
        "import threading, time\nwhile True:\n"
        "    threading.Thread(target=time.sleep, args=(1e9,)).start()",
        "can't start new thread",
    ),
    "a hundred million bytes printed": Attack("print('x' * 100_000_000)"),
    "stderr": Attack("import sys\nprint('oh dear', file=sys.stderr)"),
    "a large file": Attack("open('/tmp/big', 'wb').write(bytes(10**8))", "OSError"),
    "many files": Attack(
        "for i in range(10):\n    open(f'/dev/shm/{i}', 'wb').write(bytes(15 * 10**6))", "OSError"
    ),
    "many open files": Attack("keep = [open('/dev/null') for _ in range(10**4)]", "OSError"),
    "a thousand figures": Attack(
        "import matplotlib.pyplot as plt\nfor _ in range(1000):\n    fig, ax = plt.subplots()\n"
        "    ax.plot([1, 2])\n    plt.show()"
    ),
    "displays": Attack("from IPython.display import HTML\nfor _ in range(10**5):\n    display(HTML('x'))"),
    "deep recursion": Attack("def dive():\n    return dive()\ndive()", "RecursionError"),
    "recursion without a limit": Attack(
        "import sys\nsys.setrecursionlimit(10**9)\ndef dive(x):\n    return dive([x])[0]\n"
        "dive(repr)\n", ""
    ),
    # ends
    "os._exit": Attack("import os\nos._exit(0)", "exit code 0"),
    "sys.exit": Attack("import sys\nsys.exit()", "SystemExit"),
    "abort": Attack("import os\nos.abort()", "SIGABRT"),
    "segmentation fault": Attack("import ctypes\nctypes.string_at(0)", "SIGSEGV"),
    "kills its parent": Attack("import os\nos.kill(os.getppid(), 9)"),
    "kills everything": Attack("import os\nos.kill(-1, 9)"),
    "kills itself": Attack("import os\nos.kill(os.getpid(), 9)", "SIGKILL"),
    "kills the first process": Attack("import os\nos.kill(1, 9)\nos.kill(1, 15)"),
    "exits a little later": Attack(
        "import os, threading\nthreading.Timer(0.01, os._exit, [0]).start()"
    ),
    "an alarm a little later": Attack("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)"),
    "a daemon": Attack(
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        time.sleep(1e9)\n    os._exit(0)"
    ),
    "a copy of the notebook": Attack("import os\nos.fork()"),
    "exit handlers": Attack("import atexit, os\natexit.register(os._exit, 3)"),
    # looking around
    "files with answers": Attack(
        "import os\nfound = [os.path.join(p, f) for p, _, fs in os.walk('/') for f in fs\n"
        "         if 'update_rule' in f or f.endswith('.ipynb') or f == 'judge.py']\n"
        "assert not found, found"
    ),
    "what the disk says": Attack(
        "import os\nfor p, _, fs in os.walk('/site/gdtutor'):\n    for f in fs:\n"
        "        text = open(os.path.join(p, f), 'rb').read()\n"
        "        assert b'uphill' not in text and b'history.append' not in text, f"
    ),
    "what memory says": Attack(
        "import gc\nwords = [o for o in gc.get_objects() if type(o) is dict and 'mistakes' in o]\n"
        "assert not words"
    ),
    "what modules say": Attack(
        "import sys\nassert not [m for m in sys.modules if 'question' in m or 'judge' in m or 'rules' in m]"
    ),
    "frames above": Attack(
        "import sys\nframe = sys._getframe()\nwhile frame:\n"
        "    assert 'reference' not in frame.f_locals and 'secret' not in frame.f_locals\n"
        "    frame = frame.f_back"
    ),
    "the environment": Attack(
        "import os\nassert not [k for k in os.environ if 'SECRET' in k or 'GDTUTOR' in k]\n"
        "assert os.environ['HOME'] == '/tmp'"
    ),
    "other students": Attack(
        "import os\nassert sorted(os.listdir('/tmp')) == []\nassert not os.path.exists('/srv')\n"
        "assert not os.path.exists('/home') and not os.path.exists('/etc/passwd')"
    ),
    "other processes": Attack(
        "import os\npids = [p for p in os.listdir('/proc') if p.isdigit()]\nassert len(pids) < 9, pids"
    ),
    "another user": Attack("import os\nos.setuid(0) if os.getuid() else 1 / 0", "PermissionError"),
    "the first process's memory": Attack("open('/proc/1/mem', 'r+b')", "PermissionError"),
    "writes to the system": Attack("open('/site/gdtutor/optimizer.py', 'a')", "Error"),
    "writes to the root": Attack("open('/evil', 'w')", "OSError"),
    "writes to devices": Attack("open('/dev/evil', 'w')", "OSError"),
    "network": Attack(
        "import socket\nsocket.create_connection(('1.1.1.1', 80), timeout=1)", "OSError"
    ),
    "its own network": Attack(
        "import socket\nsocket.create_connection(('127.0.0.1', 22), timeout=1)", "OSError|Refused"
    ),
    # a shell
    "os.system": Attack("import os\nassert os.system('echo hello') != 0"),
    "subprocess": Attack("import subprocess\nsubprocess.run(['ls'])", "FileNotFoundError"),
    "a shell's magic": Attack("!rm -rf /\nx = !ls /\n%pip install evil", "isn't there when graded"),
    "a cell of bash": Attack("%%bash\nrm -rf /", "isn't there when graded"),
    "timing magics": Attack("%matplotlib inline\n%time a = 1\nassert a == 1"),
    "help": Attack("len?", ""),
    "input": Attack("name = input('who are you? ')", "EOFError"),
    "widgets": Attack(
        "import ipywidgets as w\nfrom IPython.display import display\n"
        "w.interact(lambda x: x, x=(0, 10))\ndisplay(w.IntSlider(value=3))"
    ),
    "an unknown package": Attack("import pandas", "ModuleNotFoundError"),
    "not Python": Attack("this is (not Python", "SyntaxError"),
    # tampering with what runs it
    "closes all files": Attack("import os\nos.closerange(3, 250)", "ended Python itself"),
    "floods all files": Attack(
        "import os\nfor fd in range(3, 250):\n    try:\n        os.write(fd, b'x' * 10**6)\n"
        "    except OSError:\n        pass", ""
    ),
    "numpy that always agrees": Attack(
        "import numpy as np\nnp.isclose = np.allclose = np.array_equal = lambda *a, **k: True"
    ),
    "no more forks": Attack(
        "import os\nos.fork = lambda: 1 / 0", "", costs="all that comes after"
    ),
    "no more builtins": Attack(
        "import builtins\nfor name in ('len', 'sorted', 'type', 'isinstance'):\n"
        "    setattr(builtins, name, lambda *a: 1)", "", costs="all that comes after"
    ),
    "trace": Attack("import sys\nsys.settrace(lambda *a: 1 / 0)\nx = 1", ""),
}  # fmt: skip
