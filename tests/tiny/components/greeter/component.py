"""The steps of the pipeline `greet`."""

from kfp import dsl


@dsl.component(base_image="greeter", install_kfp_package=False)
def greet(person: dict, word: str, times: int, rate: float) -> str:
    from greeter.words import greeting

    return greeting(person, word, times, rate)


@dsl.component(base_image="greeter", install_kfp_package=False)
def collect(greetings: list[str]) -> str:
    if not greetings:
        raise ValueError("nobody was greeted")
    return "\n".join(greetings)


@dsl.container_component
def praise(text: str, praised: dsl.OutputPath(str)):
    command = 'mkdir -p "$(dirname "$1")" && printf "%s, and %s" "$0" "$PRAISE" > "$1"'
    return dsl.ContainerSpec(image="greeter", command=["sh", "-c", command], args=[text, praised])
