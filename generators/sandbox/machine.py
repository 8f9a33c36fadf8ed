"""The kernel's calls that Python has no name for, by their numbers on the processors that have been looked at."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from functools import cache
from typing import Any

# linux/audit.h, asm/unistd_64.h and asm-generic/unistd.h
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COMMON = {
    "clone3": 435, "openat2": 437, "faccessat2": 439,
    "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
}  # fmt: skip
_X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16,
    "pread64": 17, "readv": 19, "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39, "sendmsg": 46, "exit": 60, "kill": 62,
    "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
    "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110,
    "capset": 126, "sigaltstack": 131, "arch_prctl": 158, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218, "restart_syscall": 219, "fadvise64": 221,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "tgkill": 234,
    "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271,
    "unshare": 272, "set_robust_list": 273, "dup3": 292, "prlimit64": 302, "seccomp": 317, "membarrier": 324,
    "statx": 332, "rseq": 334,
}  # fmt: skip
_AARCH64 = {
    "getcwd": 17, "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29, "faccessat": 48, "openat": 56, "close": 57,
    "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pselect6": 72,
    "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80, "capset": 91, "exit": 93, "exit_group": 94,
    "set_tid_address": 96, "unshare": 97, "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
    "kill": 129, "tgkill": 131, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
    "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165, "gettimeofday": 169, "getpid": 172,
    "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
    "sendmsg": 211, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "fadvise64": 223, "mprotect": 226,
    "madvise": 233, "prlimit64": 261, "seccomp": 277, "membarrier": 283, "statx": 291, "rseq": 293,
}  # fmt: skip
_OF_PROCESSOR = {"x86_64": _X86_64 | _COMMON, "aarch64": _AARCH64 | _COMMON}
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38  # linux/prctl.h
_CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h


@cache
def processor() -> str:
    """The processor's name, "" for one whose calls are not listed here, or where the kernel is not Linux."""
    known = sys.platform == "linux" and sys.maxsize > 2**32 and platform.machine() in _OF_PROCESSOR
    return platform.machine() if known else ""


def numbers() -> dict[str, int]:
    """Each system call that this processor has, of those that are named here, with its number."""
    return _OF_PROCESSOR.get(processor(), {})


def call(name: str, *arguments: Any) -> int:
    """Make a system call; OSError where it fails, or where this machine is not one that has it."""
    if name not in numbers():
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    whole = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(_library().syscall(ctypes.c_long(numbers()[name]), *whole), name)


def end_with_parent(signal: int) -> None:
    """Have this process sent a signal when the one that started it ends."""
    _control(_PR_SET_PDEATHSIG, signal)


def adopt_orphans() -> None:
    """Have every process below this one become its child when its own parent ends, so that none is lost."""
    _control(_PR_SET_CHILD_SUBREAPER, 1)


def gain_nothing() -> None:
    """Give up every capability, and let no program that is started bring one back."""
    _control(_PR_SET_NO_NEW_PRIVS, 1)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    call("capset", ctypes.byref(head), ctypes.byref((ctypes.c_uint32 * 6)()))


def _control(option: int, value: int) -> None:
    _checked(_library().prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3), "prctl")


@cache
def _library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)
    return result
