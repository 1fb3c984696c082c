var e=`# Says of every message whether it is positive, negative or neutral.
#   headrace run examples/sentiment.yaml --param input_path=data/input.csv
name: sentiment
description: Read a CSV of messages, label each by its sentiment, and write a CSV that anyone can open.

params:
  - name: input_path
    type: path
    default: data/input.csv
    description: A CSV with the columns id and text.

blocks:
  - name: csv
    type: CSV_READER
    config:
      input_path: "{{ params.input_path }}"
      on_bad_row: collect # a bad row goes to bad_rows.csv, with its line and what is wrong with it

  - name: sent
    type: LLM_SENTIMENT

  - name: labelled
    type: CSV_WRITER

edges:
  - {from: csv, to: sent}
  - {from: sent, to: labelled}
`;export{e as t};