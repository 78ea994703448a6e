"""A small PyTorch network on standardised values, zero where there are none, and on what is there."""
import json
import numpy as np
import pandas as pd
import torch
from torch import nn

study = json.load(open("study.json"))
torch.manual_seed(study["fit_seed"])
masks = [modality["observed"] for modality in study["modalities"]]
values = [name for modality in study["modalities"] for name in modality["values"]]
read = pd.read_csv if study["train"].endswith(".csv") else pd.read_parquet
train, validation = read(study["train"]), read(study["validation"])
mean, spread = train[values].mean(), train[values].std().replace(0, 1).fillna(1)


def inputs(rows):
    scaled = ((rows[values] - mean) / spread).fillna(0).clip(-5, 5)
    return torch.tensor(np.hstack([scaled, rows[masks].astype(float)]), dtype=torch.float32)


def column(rows, name):
    return torch.tensor(rows[name].to_numpy(), dtype=torch.float32)


width = len(values) + len(masks)
network = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))
optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)


def loss(rows, x, take):
    # The offset is added while the network learns, and left out when it predicts.
    logit = network(x[take]).squeeze(1) + column(rows, "offset")[take]
    outcome, weight = column(rows, "outcome")[take], column(rows, "offset_weight")[take]
    given = nn.functional.binary_cross_entropy_with_logits
    return given(logit, outcome, weight=weight, reduction="sum") / weight.sum()


x, held, best = inputs(train), inputs(validation), (float("inf"), None)
for epoch in range(30):
    network.train()
    for batch in torch.randperm(len(x)).split(128):
        optimiser.zero_grad()
        loss(train, x, batch).backward()
        optimiser.step()
    network.eval()
    with torch.no_grad():
        score = loss(validation, held, torch.arange(len(held))).item()
    if score < best[0]:
        best = score, {name: tensor.clone() for name, tensor in network.state_dict().items()}

network.load_state_dict(best[1])
predictions = []
for part in study["predict"]:
    rows = read(part["file"])
    with torch.no_grad():
        probability = network(inputs(rows)).sigmoid().squeeze(1).numpy()
    predictions.append(pd.DataFrame({"row": rows["row"], "probability": probability}))
pd.concat(predictions).to_csv("predictions.csv", index=False)
