"""Train one network on CIFAR-10 whole on a GPU: crops, mirrors, SGD with momentum, each step one CUDA graph.

    python benchmarks/cifar10_networks.py --data FOLDER --architecture resnet20 --epochs 100 --out results/cifar10

FOLDER is read by `stdpnet.load_dataset`: train.npz and test.npz, or CIFAR-10's own files. All training images are used,
the last epoch counts, and the test images are read once, at the end: nothing is chosen. The learning rate falls
linearly to 0 at the last epoch, or when the seconds are over, whichever is first.
"""

import argparse
import json
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from stdpnet.base import files
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.conversion.ann.activations import with_activation
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.ann.images import randomly_mirrored, randomly_shifted
from stdpnet.conversion.ann.initialisation import unit_variance
from stdpnet.datasets import load_dataset

#: Share of the training in which the learning rate rises.
WARM_UP = 0.05
MOMENTUM = 0.9
#: Greatest norm of the gradient.
LONGEST = 5.0
#: Furthest shift of a training image, in pixels.
REACH = 4


class Step:
    """One change of the weights, recorded as a CUDA graph where there is a GPU."""

    def __init__(self, args, model, images, labels, mean):
        self.args, self.model, self.images, self.labels, self.mean = args, model, images, labels, mean
        device = images.device
        self.which = torch.zeros(args.batch, dtype=torch.int64, device=device)
        self.rate, self.loss = torch.zeros((), device=device), torch.zeros((), device=device)
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.decayed = [p for p in self.parameters if p.ndim > 1]
        self.momenta = [torch.zeros_like(p) for p in self.parameters]
        self.graph = None
        if device.type == "cuda":
            self.record()

    def record(self):
        """Run some steps at rate 0, as CUDA asks for, and record one."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.once()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.once()
        torch._foreach_zero_(self.momenta)

    def once(self):
        """Show a batch and change the weights."""
        args = self.args
        images = randomly_mirrored(randomly_shifted(self.images[self.which], REACH)).float() / 255 - self.mean
        for parameter in self.parameters:
            parameter.grad = None
        with torch.autocast(images.device.type, torch.bfloat16, cache_enabled=False):
            scores = self.model(images.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(scores.float(), self.labels[self.which], label_smoothing=args.label_smoothing)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, LONGEST)
        with torch.no_grad():
            torch._foreach_add_([p.grad for p in self.decayed], self.decayed, alpha=args.weight_decay)
            gradients = [p.grad for p in self.parameters]
            torch._foreach_mul_(self.momenta, MOMENTUM)
            torch._foreach_add_(self.momenta, gradients)
            torch._foreach_add_(gradients, self.momenta, alpha=MOMENTUM)  # Nesterov's
            torch._foreach_mul_(gradients, self.rate)
            torch._foreach_sub_(self.parameters, gradients)
            self.loss.copy_(loss)

    def __call__(self, which, rate):
        """Do one step with these images."""
        self.which.copy_(which)
        self.rate.fill_(rate)
        self.graph.replay() if self.graph else self.once()


@torch.no_grad()
def test_accuracy(model, images, labels, mean):
    """Return the share of right answers."""
    model.eval()
    right = 0
    for part, truth in zip(images.split(1000), labels.split(1000), strict=True):
        right += int((model(part.float() / 255 - mean).argmax(1) == truth).sum())
    return right / len(images)


def parse(arguments):
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--name", metavar="NAME", help="of the files (default: architecture and activation)")
    parser.add_argument("--architecture", default="resnet20")
    parser.add_argument("--activation", default="relu", help="relu or qcfs:LEVELS")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="time for the training")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--learning-rate", type=float, default=0.4)
    parser.add_argument("--weight-decay", type=float, default=5e-4)
    parser.add_argument("--label-smoothing", type=float, default=0.0)
    parser.add_argument("--centred", action="store_true", help="subtract the mean of each colour from the pixels")
    parser.add_argument("--lsuv", action="store_true", help="begin with layer-sequential unit variance")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def main(arguments=None):
    """Train, test, write the weights in half precision and a small JSON."""
    args = parse(arguments)
    start = time.time()
    torch.manual_seed(args.seed)
    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = load_dataset(args.data, colour="planes")
    images, labels, test_images, test_labels = (
        torch.tensor(array).to(device)
        for array in (data.train_images, data.train_labels, data.test_images, data.test_labels)
    )
    labels, test_labels = labels.long(), test_labels.long()
    mean = images.float().mean(dim=(0, 2, 3))[:, None, None] / 255 * float(args.centred)
    model = build(args.architecture, (3, 32, 32), 10).to(device)
    if args.lsuv:
        unit_variance(model, images[:500].float() / 255 - mean)
    with_activation(model, args.activation).to(device, memory_format=torch.channels_last).train()
    step = Step(args, model, images, labels, mean)
    steps, history, prepared = len(images) // args.batch, [], time.time()
    total, done, progress, epoch = args.epochs * steps, 0, 0.0, 0
    while epoch < args.epochs and progress < 1:
        losses = torch.zeros((), device=device)
        for which in torch.randperm(len(images), device=device)[: steps * args.batch].view(steps, -1):
            progress = min(1.0, max(done / total, (time.time() - prepared) / args.seconds))
            step(which, args.learning_rate * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP)))
            losses += step.loss
            done += 1
            if device.type == "cuda" and done % 8 == 0:  # wait without a spinning core
                event = torch.cuda.Event(blocking=True)
                event.record()
                event.synchronize()
        epoch += 1
        history.append({"epoch": epoch, "loss": round(float(losses) / steps, 5), "seconds": round(time.time() - start)})
        if epoch % 5 == 1:
            print(args.architecture, args.activation, history[-1], flush=True)
    accuracy = test_accuracy(model, test_images, test_labels, mean)
    name = args.name or f"{args.architecture}_{args.activation.replace(':', '')}"
    args.out.mkdir(parents=True, exist_ok=True)
    state = {key: value.half().cpu().contiguous() if value.is_floating_point() else value.cpu()
             for key, value in model.state_dict().items()}  # fmt: skip
    about = vars(args) | {"data": str(args.data), "out": str(args.out)}
    about |= {"accuracy": accuracy, "epochs_done": epoch, "seconds_taken": round(time.time() - start, 1)}
    about |= {
        "mean": mean.flatten().tolist(),
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
    }
    write_tensors(args.out / f"{name}.pt", {"state": state, "about": json.dumps(about)})
    files.write_json(args.out / f"{name}.json", about | {"history": history})
    print("DONE", name, accuracy, epoch, about["seconds_taken"], flush=True)


if __name__ == "__main__":
    main()
