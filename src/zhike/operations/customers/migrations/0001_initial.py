from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL("CREATE SCHEMA published", "DROP SCHEMA published CASCADE"),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("snapshot", models.CharField(max_length=64)),
                ("as_of", models.DateField()),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="publication_one_row")],
            },
        ),
    ]
