"""The system calls that a contained process has: those named here, and no others (linux/seccomp.h, linux/filter.h).

What names a path is answered by the process outside, see `supervisor`. Everything else fails with EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import struct
from collections.abc import Iterable

from generators.sandbox import machine

_FILTER, _ACTION_AVAILABLE, _NEW_LISTENER = 1, 2, 1 << 3
_KILL, _ERRNO, _NOTIFY, _ALLOW = 0x80000000, 0x00050000, 0x7FC00000, 0x7FFF0000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16  # in struct seccomp_data

ALLOWED = [
    "read", "write", "readv", "writev", "pread64", "close", "lseek", "fstat", "getdents64", "dup", "dup2", "dup3",
    "fadvise64", "getcwd", "mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "membarrier", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "getpid", "gettid", "getppid", "getuid",
    "geteuid", "getgid", "getegid", "getrlimit", "getrusage", "times", "sysinfo", "uname", "clock_gettime",
    "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "futex", "set_robust_list", "rseq",
    "set_tid_address", "arch_prctl", "sched_yield", "sched_getaffinity", "poll", "ppoll", "select", "pselect6",
    "exit", "exit_group",
]  # fmt: skip
ASKED = ["open", "openat", "stat", "lstat", "newfstatat", "access", "faccessat", "readlink", "readlinkat"]
_ABSENT = ["clone3", "openat2", "statx", "faccessat2"]  # the C library goes on to an older call then
_TERMINAL_ASKED, _CLOSE_ON_EXEC, _NOT_CLOSE_ON_EXEC = 0x5401, 0x5451, 0x5450  # asm-generic/ioctls.h
_DUPLICATE_CLOSED_ON_EXEC = 1030  # F_DUPFD_CLOEXEC


def available() -> bool:
    """Whether the kernel takes a filter whose calls another process answers."""
    action = (ctypes.c_uint32 * 1)(_NOTIFY)
    try:
        return machine.call("seccomp", _ACTION_AVAILABLE, 0, ctypes.byref(action)) == 0
    except OSError:
        return False


def install(control: int, process: int) -> int:
    """Put the calling process under the filter, and return the descriptor at which its calls are answered.

    `control` is the one descriptor on which it may still send a message, `process` its own id, which alone it may
    signal.
    """
    program = b"".join(_program(control, process))
    text = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text)))
    return machine.call("seccomp", _FILTER, _NEW_LISTENER, ctypes.byref(head))


def _program(control: int, process: int) -> Iterable[bytes]:
    """The filter, one instruction after the other."""
    numbers = machine.numbers()
    yield from (_load(_ARCH_AT), _equal(machine.AUDIT_ARCH[machine.processor()], 1, 0), _return(_KILL))
    yield _load(_NUMBER_AT)
    for names, action in ((ALLOWED, _ALLOW), (ASKED, _NOTIFY), (_ABSENT, _ERRNO | errno.ENOSYS)):
        for name in names:
            if name in numbers:
                yield from (_equal(numbers[name], 0, 1), _return(action))
    descriptors = (fcntl.F_DUPFD, _DUPLICATE_CLOSED_ON_EXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL)
    yield from _only(numbers["fcntl"], 1, descriptors)
    yield from _only(numbers["ioctl"], 1, (_TERMINAL_ASKED, _CLOSE_ON_EXEC, _NOT_CLOSE_ON_EXEC))
    yield from _only(numbers["prlimit64"], 0, (0,))
    yield from _only(numbers["sendmsg"], 0, (control,))
    yield from _only(numbers["kill"], 0, (process,))
    yield from _only(numbers["tgkill"], 0, (process,))
    yield _return(_ERRNO | errno.EPERM)


def _only(number: int, argument: int, values: tuple[int, ...]) -> Iterable[bytes]:
    """Allow a call where one of its arguments, an int, has one of the values."""
    yield _equal(number, 0, len(values) + 3)
    yield _load(_ARGUMENTS_AT + 8 * argument)
    for at, value in enumerate(values):
        yield _equal(value, len(values) - at, 0)
    yield _return(_ERRNO | errno.EPERM)
    yield _return(_ALLOW)


def _load(at: int) -> bytes:
    return struct.pack("=HBBI", _LOAD, 0, 0, at)


def _equal(value: int, then: int, otherwise: int) -> bytes:
    return struct.pack("=HBBI", _EQUAL, then, otherwise, value)


def _return(action: int) -> bytes:
    return struct.pack("=HBBI", _RETURN, 0, 0, action)
