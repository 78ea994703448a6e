"""Logistic regression on the means of modalities, without any package: how a model reads a study and writes predictions."""
import csv, json, math, random

study = json.load(open("study.json"))


def read(name):
    with open(name, newline="") as file:
        yield from csv.DictReader(file)


def features(row):
    """For each modality whether it is there, and the values, 0 where there are none."""
    found = [1.0]
    for modality in study["modalities"]:
        found.append(1.0 if row[modality["observed"]] == "true" else 0.0)
        found += [float(row[name] or 0) for name in modality["values"]]
    return found


train = [
    (features(row), int(row["outcome"]), float(row["offset"]), float(row["offset_weight"]))
    for row in read(study["train"])
]
width = len(train[0][0])
scale = [max(1e-6, math.sqrt(sum(x[j] ** 2 for x, *_ in train) / len(train))) for j in range(width)]
train = [([v / s for v, s in zip(x, scale)], *rest) for x, *rest in train]
weights = [0.0] * width


def logit(x):
    return sum(w * v for w, v in zip(weights, x))


def probability(z):
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


draw = random.Random(study["fit_seed"])
for epoch in range(10):
    draw.shuffle(train)
    rate = 0.02 / (1 + epoch)
    for x, outcome, offset, weight in train:
        # The offset is added while the model learns, and left out when it predicts.
        step = rate * weight * (outcome - probability(logit(x) + offset))
        weights = [w + step * v for w, v in zip(weights, x)]

with open("predictions.csv", "w", newline="") as file:
    out = csv.writer(file)
    out.writerow(["row", "probability"])
    for part in study["predict"]:
        for row in read(part["file"]):
            x = [v / s for v, s in zip(features(row), scale)]
            out.writerow([row["row"], probability(logit(x))])
