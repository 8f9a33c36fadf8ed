"""Train a convolutional text classifier (Kim 2014) from a CSV of text and label, and deploy what the gate accepts.

`text_classifier_lightweight` is the same graph of the other build of its steps. Annotations are real types here, not
strings, and lists name their items' types: kfp reads them.
"""

from types import SimpleNamespace
from typing import List  # noqa: UP035  (kfp takes the item's type of a loop from typing's spelling)

from kfp import dsl, kubernetes
from kfp.dsl.graph_component import GraphComponent

from components.text_classifier import component

WORKDIR = "/workdir"  # where the claim of the shared work folder is mounted
DESCRIPTION = "Train a convolutional text classifier on a CSV, and deploy it"
SEARCH = {"trials": 0, "filters": [80, 150], "conv_layers": [2, 3], "dropout": [0.45, 0.55]}
LIMITS = {"skew": 0.2, "drift": 0.2, "noise": 0.2}


def pipeline_of(steps: SimpleNamespace, name: str, description: str) -> GraphComponent:
    """The pipeline of one build of the steps."""

    @dsl.pipeline(name=name, description=description)
    def text_classifier(
        tfjob: dict,
        tfjob_secrets: dict = {},  # noqa: B006  (kfp reads the default)
        train_path: str = "fixture-7",
        test_path: str = "fixture-7",
        text_column: str = "text",
        label_column: str = "label",
        validation_share: float = 0.2,
        split_seed: int = 200,
        words: int = 20000,
        tokenizer_path: str = "none",
        word2vec_path: str = "fixture-7",
        embedding_dimension: int = 100,
        conv_layers: int = 3,
        filter_sizes: List[int] = [3, 4, 5],  # noqa: B006, UP006
        filters: int = 10,
        pool_strides: List[int] = [1, 1],  # noqa: B006, UP006
        dropout: float = 0.5,
        learning_rate: float = 0.001,
        epochs: int = 10,
        batch_size: int = 500,
        patience: int = 3,
        seed: int = 7,
        search: dict = SEARCH,
        limits: dict = LIMITS,
        distributed: bool = False,
        gpu: bool = False,
        workdir: str = "text-classifier",
        accuracy_threshold: float = 0.7,
        owner: str = "ml-platform",
        deploy: bool = True,
        wait_seconds: int = 600,
    ):
        """Check settings and texts, search a network if asked to, train it on one of three branches, release it."""
        planned = steps.plan(
            conv_layers=conv_layers,
            filter_sizes=filter_sizes,
            filters=filters,
            pool_strides=pool_strides,
            dropout=dropout,
            learning_rate=learning_rate,
            epochs=epochs,
            batch_size=batch_size,
            patience=patience,
            seed=seed,
            search=search,
            tfjob=tfjob,
        )
        prepared = steps.prepare(
            train_path=train_path,
            test_path=test_path,
            text_column=text_column,
            label_column=label_column,
            validation_share=validation_share,
            split_seed=split_seed,
            words=words,
            tokenizer_path=tokenizer_path,
        ).after(planned)
        dataset = prepared.outputs["dataset"]
        checked = steps.check(dataset=dataset, limits=limits)
        embedded = steps.embed(
            dataset=dataset, word2vec_path=word2vec_path, embedding_dimension=embedding_dimension, seed=seed
        )
        data = {"dataset": dataset, "embeddings": embedded.outputs["embeddings"]}
        training = planned.outputs["training"]

        with dsl.If(planned.outputs["searches"] == True, name="search"):  # noqa: E712  (builds a condition)
            with dsl.ParallelFor(planned.outputs["trials"], name="trials", parallelism=2) as network:
                tried = steps.attempt(**data, network=network, training=training).after(checked)
            picked = steps.pick(results=dsl.Collected(tried.outputs["result"]), trials=planned.outputs["trials"])
        with dsl.Else(name="given"):
            kept = steps.keep(network=planned.outputs["network"])
        network = dsl.OneOf(picked.outputs["Output"], kept.output)

        with dsl.If(distributed == True, name="distributed"):  # noqa: E712
            together = steps.train_distributed(
                **data,
                network=network,
                training=training,
                tfjob=tfjob,
                tfjob_secrets=tfjob_secrets,
                workdir=workdir,
            ).after(checked)
            kubernetes.mount_pvc(together, pvc_name=workdir, mount_path=WORKDIR)
            together.set_env_variable("WORKDIR", WORKDIR)
        with dsl.Elif(gpu == True, name="gpu"):  # noqa: E712
            on_gpu = steps.train(**data, network=network, training=training, device="gpu")
            on_gpu.after(checked).set_display_name("train-gpu")
        with dsl.Else(name="cpu"):
            on_cpu = steps.train(**data, network=network, training=training, device="cpu")
            on_cpu.after(checked).set_display_name("train-cpu")
        model = dsl.OneOf(*(each.outputs["model"] for each in (together, on_gpu, on_cpu)))

        evaluated = steps.evaluate(dataset=dataset, model=model)
        gated = steps.gate(
            dataset=dataset,
            model=model,
            evaluation=evaluated.outputs["evaluation"],
            accuracy_threshold=accuracy_threshold,
            owner=owner,
        )
        with dsl.If(gated.outputs["accepted"] == True, name="accepted"):  # noqa: E712
            registered = steps.register(
                model=model, model_name=gated.outputs["model_name"], run_id=gated.outputs["run_id"]
            )
            version, model_uri = registered.outputs["version"], registered.outputs["uri"]
            recorded = steps.record(
                dataset=dataset,
                model=model,
                owner=owner,
                version=version,
                model_uri=model_uri,
                run_id=gated.outputs["run_id"],
            )
            with dsl.If(deploy == True, name="deployed"):  # noqa: E712
                served = steps.deploy(
                    dataset=dataset,
                    evaluation=evaluated.outputs["evaluation"],
                    model_uri=model_uri,
                    version=version,
                    wait_seconds=wait_seconds,
                ).after(recorded)

        # KFP fails a OneOf whose branch came from the cache; what the others do is outside their outputs.
        for step in (tried, picked, kept, together, on_gpu, on_cpu, checked, gated, registered, recorded, served):
            step.set_caching_options(enable_caching=False)
        if steps.LABELS:
            for step in (planned, prepared, checked, embedded, tried, picked, kept, together, on_gpu, on_cpu, evaluated,
                         gated, registered, recorded, served):  # fmt: skip
                for label, value in steps.LABELS.items():
                    kubernetes.add_pod_label(step, label, value)

    return text_classifier


text_classifier = pipeline_of(component, "text-classifier", DESCRIPTION)
