"""Run code that nobody vouches for, in a process that reads some folders and writes one pipe, within limits.

Three walls, each by what the machine has, for any user alike:

    seccomp      system calls that are named, and no others: no socket, no process, no signal, no tracing; and every
                 file that is opened is opened by the process outside, which knows what was read
    Landlock     no file, no TCP port, no abstract socket and no signal, also for what seccomp should let through
    limits       memory, processor time, open files, the size of files, of the answer and of what is printed, and a
                 time after which the process is asked for its line and ended

Namespaces of their own, without a network, are added where the machine gives them. It knows nothing of pipelines.
"""
