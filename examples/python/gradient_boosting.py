"""scikit-learn's histogram gradient boosting on all values, with missing ones as they are."""
import json

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

study = json.load(open("study.json"))
columns = [
    name for modality in study["modalities"] for name in [modality["observed"], *modality["values"]]
]
read = pd.read_csv if study["train"].endswith(".csv") else pd.read_parquet
train = read(study["train"])
validation = read(study["validation"])
best = None
for rounds in (25, 50, 100, 200):
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=rounds,
        min_samples_leaf=20,
        early_stopping=False,
        random_state=study["fit_seed"],
    )
    # It takes no offset of the logit, so that it is given the weights that stand for it.
    model.fit(train[columns].astype(float), train["outcome"], sample_weight=train["weight"])
    given = np.clip(model.predict_proba(validation[columns].astype(float))[:, 1], 1e-6, 1 - 1e-6)
    outcome, weight = validation["outcome"], validation["weight"]
    loss = -np.average(np.where(outcome == 1, np.log(given), np.log(1 - given)), weights=weight)
    if best is None or loss < best[0]:
        best = loss, model

predictions = []
for part in study["predict"]:
    rows = read(part["file"])
    probability = best[1].predict_proba(rows[columns].astype(float))[:, 1]
    predictions.append(pd.DataFrame({"row": rows["row"], "probability": probability}))
pd.concat(predictions).to_csv("predictions.csv", index=False)
