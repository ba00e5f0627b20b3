import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0016_intake_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "The whole proposal"),
                            ("problem", "Problem"),
                            ("customer_job", "Customer job"),
                            ("marketing_part", "Marketing part"),
                            ("cx_part", "CX part"),
                            ("effects", "For which customers"),
                            ("money", "Money"),
                            ("success", "How success shows"),
                        ],
                        max_length=14,
                        verbose_name="about",
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="comment")),
                ("due", models.DateField(blank=True, null=True, verbose_name="answer by")),
                ("in_draft", models.BooleanField(editable=False)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("resolved_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["written_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="proposal",
            name="submitted_proposal_has_revision",
        ),
        migrations.AlterField(
            model_name="proposal",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Submitted"),
                    ("greenlit", "Greenlit"),
                    ("conditional", "Greenlit with conditions"),
                    ("on_hold", "On hold"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "withdrawn")),
                    ("submitted_revision__isnull", False),
                    _connector="OR",
                ),
                name="submitted_proposal_has_revision",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="projects.proposal",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="thread",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="projects.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="to",
            field=models.ForeignKey(
                blank=True,
                help_text="Who is to answer. They are told, and it stands among their tasks.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ask somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", True)), fields=["to"], name="asked_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="proposal_comment_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("resolved_by__isnull", False),
                        ("thread__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="thread_resolved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__isnull", True), ("to__isnull", False), _connector="OR"),
                name="answer_by_somebody",
                violation_error_message="Say who is to answer by that day.",
            ),
        ),
    ]
