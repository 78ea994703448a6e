#!/usr/bin/env python3
"""What one would write without the suite: four of its networks in eager PyTorch, trained on one thread.

Usage: train.py FOLDER MODEL SEED EPOCHS

FOLDER holds the rows and the order of the batches as `bench peer` writes them. The layers, optimiser, clipping, validation pass and
choice of the epoch are those of the suite. Fits twice, and prints one line of JSON: per fit the rows trained on per second of
processor and of wall time, from the end of the first epoch on, and the AUROC on the test rows.
"""

import json
import math
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)

WIDTH = 32
EVALUATION_BATCH = 512
PATIENCE = 5


def perceptron(inputs, hidden, outputs):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


class Encoders(nn.Module):
    """One encoder per modality; the vectors of missing modalities are zero: [N, M, WIDTH]."""

    def __init__(self, modalities, features):
        super().__init__()
        self.encoders = nn.ModuleList([perceptron(features, WIDTH, WIDTH) for _ in range(modalities)])

    def forward(self, values, mask):
        vectors = [encoder(block) for encoder, block in zip(self.encoders, values)]
        return torch.stack(vectors, 1) * mask.unsqueeze(-1)


class Mlp(nn.Module):
    def __init__(self, modalities, features, with_mask):
        super().__init__()
        self.with_mask = with_mask
        self.encoders = Encoders(modalities, features)
        inputs = modalities * (WIDTH + 1 if with_mask else WIDTH)
        self.fusion = nn.Sequential(perceptron(inputs, WIDTH, WIDTH), nn.ReLU())

    def forward(self, values, mask, labels):
        vectors = self.encoders(values, mask).flatten(1)
        if self.with_mask:
            vectors = torch.cat([vectors, mask], 1)
        return self.fusion(vectors), None


class AttentionLayer(nn.Module):
    """A pre-norm Transformer layer in which absent tokens are not attended to."""

    def __init__(self, heads=2):
        super().__init__()
        self.heads = heads
        self.projections = nn.Linear(WIDTH, 3 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.feed_forward = perceptron(WIDTH, 2 * WIDTH, WIDTH)
        self.before_attention = nn.LayerNorm(WIDTH)
        self.before_feed_forward = nn.LayerNorm(WIDTH)

    def forward(self, tokens, absent):
        n, count, width = tokens.shape
        split = self.projections(self.before_attention(tokens)).view(n, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) / math.sqrt(width / self.heads)
        attention = scores.masked_fill(absent.view(n, 1, 1, count), -1e9).softmax(-1)
        tokens = tokens + self.output((attention @ value).transpose(1, 2).reshape(n, count, width))
        return tokens + self.feed_forward(self.before_feed_forward(tokens))


class Transformer(nn.Module):
    def __init__(self, modalities, features):
        super().__init__()
        self.encoders = Encoders(modalities, features)
        self.types = nn.Parameter(0.1 * torch.randn(modalities, WIDTH))
        self.layers = nn.ModuleList([AttentionLayer(), AttentionLayer()])

    def forward(self, values, mask, labels):
        present = mask.unsqueeze(-1)
        tokens = (self.encoders(values, mask) + self.types) * present
        absent = mask == 0
        for layer in self.layers:
            tokens = layer(tokens, absent)
        return (tokens * present).sum(1) / present.sum(1), None


class SageLayer(nn.Module):
    """GraphSAGE with edge features on the bipartite graph of patients and modalities."""

    def __init__(self):
        super().__init__()
        self.message = nn.Linear(2 * WIDTH, WIDTH)
        self.update = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, senders, edges, mask, receivers, over):
        messages = F.relu(self.message(torch.cat([senders.expand_as(edges), edges], -1)))
        total = (messages * mask.unsqueeze(-1)).sum(over)
        mean = total / mask.sum(over).unsqueeze(-1).clamp_min(1e-12)
        return F.relu(self.update(torch.cat([mean, receivers], -1)))


class Graph(nn.Module):
    def __init__(self, modalities, dropout):
        super().__init__()
        self.modalities = nn.Parameter(torch.randn(modalities, WIDTH))
        self.layers = nn.ModuleList([SageLayer(), SageLayer()])
        self.edge_update = nn.Linear(3 * WIDTH, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, edges, mask):
        start = edges.new_ones(edges.shape[0], WIDTH)
        first, second = self.layers
        nodes = self.dropout(first(start.unsqueeze(1), edges, mask, self.modalities, 0))
        patients = self.dropout(first(self.modalities.unsqueeze(0), edges, mask, start, 1))
        senders, receivers = nodes.unsqueeze(0).expand_as(edges), patients.unsqueeze(1).expand_as(edges)
        to_patient = F.relu(self.edge_update(torch.cat([senders, receivers, edges], -1)))
        return second(nodes.unsqueeze(0), to_patient, mask, patients, 1)


def drop_edges(mask):
    """Half the rows stay as they are; any other with n observed modalities keeps a random k of them, k uniform on 1..n-1."""
    observed = mask.sum(1)
    fewer = torch.floor(torch.rand_like(observed) * (observed - 1)) + 1
    kept = torch.where(torch.rand_like(observed) < 0.5, observed, fewer)
    ranks = (torch.rand_like(mask) + 2 * (1 - mask)).argsort(1).argsort(1)
    return mask * (ranks < kept.unsqueeze(1))


class Muse(nn.Module):
    def __init__(self, modalities, features, dropout=0.25, temperature=0.07, contrast=0.5):
        super().__init__()
        self.temperature, self.contrast = temperature, contrast
        self.encoders = Encoders(modalities, features)
        self.graph = Graph(modalities, dropout)
        self.projection = nn.Linear(WIDTH, WIDTH)
        self.classifier = nn.Linear(WIDTH, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, values, mask, labels):
        edges = self.dropout(self.encoders(values, mask))
        z = self.graph(edges, mask)
        features = self.dropout(F.relu(self.classifier(z)))
        if labels is None:
            return features, None
        u, v = self.project(z), self.project(self.graph(edges, drop_edges(mask)))
        own, across = u @ u.t() / self.temperature, u @ v.t() / self.temperature
        same = (labels.unsqueeze(0) == labels.unsqueeze(1)).float()
        # The pairs (v, u) are those of (u, v).
        supervised = F.binary_cross_entropy_with_logits(own, same) + F.binary_cross_entropy_with_logits(across, same)
        instance = (across.logsumexp(1) + across.logsumexp(0)) / 2 - across.diagonal()
        return features, self.contrast * (instance.mean() + supervised / 2)

    def project(self, z):
        return F.normalize(self.projection(z).tanh(), dim=-1)


MODELS = {
    "zero-fill-mlp": (lambda m, f: Mlp(m, f, with_mask=False), 2e-3, 256),
    "mask-concat-mlp": (lambda m, f: Mlp(m, f, with_mask=True), 2e-3, 256),
    "mt": (Transformer, 2e-3, 256),
    "muse": (Muse, 5e-3, 128),
}


class Predictor(nn.Module):
    """A network with one linear layer on top that starts at the prevalence."""

    def __init__(self, body, prevalence):
        super().__init__()
        self.body = body
        self.output = nn.Linear(WIDTH, 1)
        nn.init.constant_(self.output.bias, math.log(prevalence / (1 - prevalence)))

    def forward(self, values, mask, labels=None):
        features, auxiliary = self.body(values, mask, labels)
        return self.output(features).squeeze(-1), auxiliary

    @torch.no_grad()
    def probabilities(self, values, mask):
        self.eval()
        parts = range(0, len(mask), EVALUATION_BATCH)
        chunks = [slice(start, start + EVALUATION_BATCH) for start in parts]
        return torch.cat([torch.sigmoid(self([v[c] for v in values], mask[c])[0]) for c in chunks])


def read(folder, part):
    """Values [M, N, F], mask [N, M] and outcomes [N]."""
    shape = json.load(open(os.path.join(folder, "shape.json")))
    load = lambda name: np.fromfile(os.path.join(folder, f"{part}-{name}.f32"), "<f4")
    values = load("values").reshape(shape["modalities"], -1, shape["features"])
    return values, load("mask").reshape(-1, shape["modalities"]), load("labels")


def standardise(train, *others):
    """Mean 0 and standard deviation 1 of the observed training rows, and tensors; zero where missing."""
    values, mask, _ = train
    means = [block[mask[:, m] > 0].mean(0) for m, block in enumerate(values)]
    deviations = [block[mask[:, m] > 0].std(0) for m, block in enumerate(values)]

    def tensors(part):
        values, mask, labels = part
        blocks = [(b - mean) / sd * mask[:, m : m + 1] for m, (b, mean, sd) in enumerate(zip(values, means, deviations))]
        return [torch.from_numpy(b) for b in blocks], torch.from_numpy(mask), torch.from_numpy(labels)

    return [tensors(part) for part in (train, *others)]


def auroc(labels, scores):
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positives = labels > 0.5
    n = positives.sum()
    return (ranks[positives].sum() - n * (n + 1) / 2) / (n * (len(labels) - n))


def fit(model, seed, orders, train, validation):
    """The network of the epoch with the least validation log loss, and the speed."""
    make, rate, batch_size = MODELS[model]
    values, mask, labels = train
    torch.manual_seed(seed)
    network = Predictor(make(len(values), values[0].shape[1]), labels.mean().item())
    optimiser = torch.optim.Adam(network.parameters(), lr=rate, weight_decay=1e-4)
    least, best, best_epoch = math.inf, None, 0
    for epoch, order in enumerate(orders):
        network.train()
        total = 0.0
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            logit, auxiliary = network([block[rows] for block in values], mask[rows], labels[rows])
            loss = F.binary_cross_entropy_with_logits(logit, labels[rows])
            if auxiliary is not None:
                loss = loss + auxiliary
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            total += loss.item()
        held = network.probabilities(validation[0], validation[1])
        log_loss = F.binary_cross_entropy(held, validation[2]).item()
        if log_loss < least:
            least, best_epoch = log_loss, epoch
            best = {name: value.clone() for name, value in network.state_dict().items()}
        if epoch == 0:
            processor, wall = time.process_time(), time.perf_counter()
        if epoch - best_epoch >= PATIENCE:
            break
    rows = epoch * len(labels)
    speed = {"processor": rows / (time.process_time() - processor), "wall": rows / (time.perf_counter() - wall)}
    network.load_state_dict(best)
    return network, speed


def blas():
    """Which library multiplies matrices, where the system tells."""
    try:
        maps = open("/proc/self/maps").read()
    except OSError:
        return "unknown"
    known = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "libblas.so": "the reference BLAS"}
    return next((name for file, name in known.items() if file in maps), "unknown")


def main(folder, model, seed, epochs):
    train, validation, test = standardise(*[read(folder, part) for part in ("train", "validation", "test")])
    orders = np.fromfile(os.path.join(folder, f"order-{seed}.i32"), "<i4").reshape(-1, len(train[2]))
    orders = torch.from_numpy(orders[:epochs].astype("int64"))
    fits = []
    for _ in range(2):
        network, speed = fit(model, seed, orders, train, validation)
        fits.append({**speed, "auroc": auroc(test[2].numpy(), network.probabilities(*test[:2]).numpy())})
    print(json.dumps({"library": f"PyTorch {torch.__version__} with {blas()}", "fits": fits}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
